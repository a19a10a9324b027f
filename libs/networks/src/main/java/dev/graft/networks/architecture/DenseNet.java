package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds DenseNet-BC (Huang et al., 2016, arXiv:1608.06993): each layer takes all maps that the layers before
/// it in its block gave, and a transition between blocks halves the channels and the size.
final class DenseNet {
    private static final double EPSILON = 1e-5;
    private static final int STEM_CHANNELS = 64;

    /// Channels that each layer adds, `k` in the paper.
    private static final int GROWTH = 32;

    /// How many times `k` channels the 1 × 1 convolution of a layer gives.
    private static final int BOTTLENECK = 4;

    /// Table 1 of the paper: layers in each block.
    private static final List<Member> MEMBERS = List.of(
            new Member("densenet121", List.of(6, 12, 24, 16)),
            new Member("densenet169", List.of(6, 12, 32, 32)),
            new Member("densenet201", List.of(6, 12, 48, 32)));

    static final Family FAMILY = Family.of(MEMBERS, Member::name, DenseNet::build);

    private DenseNet() {}

    private static Network build(Member member) {
        NetworkBuilder net = new NetworkBuilder(member.name(), 224);
        net.stage("stem")
                .conv(
                        "features.conv0",
                        STEM_CHANNELS,
                        Window.square(7).stride(2).centred());
        net.batchNorm("features.norm0", EPSILON, Activation.RELU);
        net.then(
                "features.pool0",
                new PoolingOp.MaxPool(Window.square(3).stride(2).centred()));
        for (int index = 1; index <= member.layers().size(); index++) {
            if (index > 1) {
                transition(net, index - 1);
            }
            net.stage("denseblock" + index);
            for (int layer = 1; layer <= member.layers().get(index - 1); layer++) {
                layer(net, "features.denseblock" + index + ".denselayer" + layer);
            }
        }
        net.stage("norm5").batchNorm("features.norm5", EPSILON, Activation.RELU);
        return net.pooledClassifier("classifier", Family.CLASSES);
    }

    private static void layer(NetworkBuilder net, String name) {
        String input = net.last();
        net.batchNorm(name + ".norm1", EPSILON, Activation.RELU);
        net.conv(name + ".conv1", BOTTLENECK * GROWTH, Window.square(1));
        net.batchNorm(name + ".norm2", EPSILON, Activation.RELU);
        net.conv(name + ".conv2", GROWTH, Window.square(3).centred());
        net.concat(name + ".concat", List.of(input, net.last()));
    }

    private static void transition(NetworkBuilder net, int index) {
        String name = "features.transition" + index;
        net.stage("transition" + index).batchNorm(name + ".norm", EPSILON, Activation.RELU);
        net.conv(name + ".conv", net.channels() / 2, Window.square(1));
        net.then(name + ".pool", new PoolingOp.AveragePool(Window.square(2).stride(2), false));
    }

    private record Member(String name, List<Integer> layers) {}
}
