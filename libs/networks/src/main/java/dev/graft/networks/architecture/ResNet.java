package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds residual networks (He et al., 2015, arXiv:1512.03385). The stride of a bottleneck lies in its 3 × 3
/// convolution, as in all published PyTorch weights, not in its first as in the paper.
final class ResNet {
    private static final double EPSILON = 1e-5;

    /// How many times wider than its 3 × 3 convolution a bottleneck's result is.
    private static final int EXPANSION = 4;

    /// Channels of the 3 × 3 convolutions of the first stage; every further stage has twice as many.
    private static final int CHANNELS = 64;

    /// Table 1 of the paper: whether the blocks are bottlenecks, and their number in each stage.
    private static final List<Member> MEMBERS = List.of(
            new Member("resnet18", false, List.of(2, 2, 2, 2)),
            new Member("resnet34", false, List.of(3, 4, 6, 3)),
            new Member("resnet50", true, List.of(3, 4, 6, 3)),
            new Member("resnet101", true, List.of(3, 4, 23, 3)),
            new Member("resnet152", true, List.of(3, 8, 36, 3)));

    static final Family FAMILY = Family.of(MEMBERS, Member::name, member -> new ResNet(member).build());

    private final Member member;
    private final NetworkBuilder net;

    private ResNet(Member member) {
        this.member = member;
        this.net = new NetworkBuilder(member.name(), 224);
    }

    private Network build() {
        net.stage("stem").conv("conv1", CHANNELS, window(7, 2));
        net.batchNorm("bn1", EPSILON, Activation.RELU);
        net.then("maxpool", new PoolingOp.MaxPool(window(3, 2)));
        for (int index = 0; index < member.blocks().size(); index++) {
            String layer = "layer" + (index + 1);
            int channels = CHANNELS << index;
            net.stage(layer);
            for (int repeat = 0; repeat < member.blocks().get(index); repeat++) {
                block(layer + "." + repeat, channels, index > 0 && repeat == 0 ? 2 : 1);
            }
        }
        return net.pooledClassifier("fc", Family.CLASSES);
    }

    private void block(String name, int channels, int stride) {
        String input = net.last();
        int outChannels = member.bottlenecks() ? channels * EXPANSION : channels;
        String shortcut = input;
        if (stride > 1 || net.channels() != outChannels) {
            net.conv(name + ".downsample.0", outChannels, window(1, stride));
            net.batchNorm(name + ".downsample.1", EPSILON);
            shortcut = net.last();
        }
        net.resumeAt(input);
        if (member.bottlenecks()) {
            unit(name, 1, channels, window(1, 1)).activate(name + ".act1", Activation.RELU);
            unit(name, 2, channels, window(3, stride)).activate(name + ".act2", Activation.RELU);
            unit(name, 3, outChannels, window(1, 1));
        } else {
            unit(name, 1, channels, window(3, stride)).activate(name + ".act1", Activation.RELU);
            unit(name, 2, channels, window(3, 1));
        }
        net.add(name + ".add", shortcut).activate(name + ".act", Activation.RELU);
    }

    private NetworkBuilder unit(String block, int index, int channels, Window window) {
        return net.conv(block + ".conv" + index, channels, window).batchNorm(block + ".bn" + index, EPSILON);
    }

    private static Window window(int size, int stride) {
        return Window.square(size).stride(stride).centred();
    }

    private record Member(String name, boolean bottlenecks, List<Integer> blocks) {}
}
