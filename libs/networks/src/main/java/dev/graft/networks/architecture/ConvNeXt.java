package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.TransformerOp.LayerNorm;
import dev.graft.networks.network.TransformerOp.LayerScale;
import dev.graft.networks.network.TransformerOp.MapToTokens;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds ConvNeXt (Liu et al., 2022, arXiv:2201.03545): a residual network whose blocks follow those of transformers,
/// with a wide depth-wise convolution in the place of attention.
final class ConvNeXt {
    private static final int INPUT_SIZE = 224;
    private static final int STEM_WINDOW = 4;
    private static final int BLOCK_WINDOW = 7;
    private static final int EXPANSION = 4;
    private static final double EPSILON = 1e-6;

    /// The members: names, blocks and channels of the four stages, section 3 of the paper.
    private static final List<Member> MEMBERS =
            List.of(new Member("convnext_tiny", List.of(3, 3, 9, 3), List.of(96, 192, 384, 768)));

    static final Family FAMILY = Family.of(
            MEMBERS, Member::name, member -> new ConvNeXt(new NetworkBuilder(member.name(), INPUT_SIZE)).build(member));

    private final NetworkBuilder net;

    private ConvNeXt(NetworkBuilder net) {
        this.net = net;
    }

    private Network build(Member member) {
        net.stage("stem").convWithBias("stem.0", member.channels().getFirst(), patches(STEM_WINDOW));
        net.then("stem.1", new LayerNorm(EPSILON));
        for (int stage = 0; stage < member.blocks().size(); stage++) {
            String name = "stages." + stage;
            net.stage(name);
            if (stage > 0) {
                net.then(name + ".downsample.0", new LayerNorm(EPSILON));
                net.convWithBias(name + ".downsample.1", member.channels().get(stage), patches(2));
            }
            for (int block = 0; block < member.blocks().get(stage); block++) {
                block(name + ".blocks." + block);
            }
        }
        String featureMap = net.last();
        net.stage("global_pool").then("global_pool", new PoolingOp.GlobalAveragePool());
        net.stage("head").then("head.norm", new LayerNorm(EPSILON));
        String features = net.last();
        return net.then("head.fc", new Op.Linear(Family.CLASSES, true)).build(featureMap, features);
    }

    /// Adds a block: filter each channel alone, then widen and narrow the channels of each position, and add the input.
    private void block(String name) {
        String shortcut = net.last();
        int channels = net.channels();
        Window window = Window.square(BLOCK_WINDOW).centred();
        net.then(name + ".conv_dw", new Op.Conv2d(channels, window, channels, true));
        net.then(name + ".tokens", new MapToTokens()).then(name + ".norm", new LayerNorm(EPSILON));
        net.then(name + ".mlp.fc1", new Op.Linear(channels * EXPANSION, true));
        net.activate(name + ".mlp.act", Activation.GELU);
        net.then(name + ".mlp.fc2", new Op.Linear(channels, true));
        net.then(name + ".gamma", new LayerScale());
        net.tokensToMap(name + ".map", shortcut).add(name + ".add", shortcut);
    }

    private static Window patches(int size) {
        return Window.square(size).stride(size);
    }

    private record Member(String name, List<Integer> blocks, List<Integer> channels) {}
}
