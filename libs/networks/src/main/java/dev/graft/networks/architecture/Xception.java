package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds Xception (Chollet, 2016, arXiv:1610.02357), with the names of timm's `legacy_xception`: an entry
/// flow, eight middle blocks and an exit flow, all of separable convolutions.
final class Xception {
    static final Family FAMILY =
            new Family(List.of("legacy_xception"), name -> new Xception(new NetworkBuilder(name, 299)).build());

    private static final double EPSILON = 1e-5;
    private static final int MIDDLE_CHANNELS = 728;
    private static final int FIRST_MIDDLE_BLOCK = 4;
    private static final int LAST_MIDDLE_BLOCK = 11;

    private final NetworkBuilder net;

    private Xception(NetworkBuilder net) {
        this.net = net;
    }

    private Network build() {
        net.stage("conv1").conv("conv1", 32, Window.square(3).stride(2));
        net.batchNorm("bn1", EPSILON, Activation.RELU);
        net.stage("conv2").conv("conv2", 64, Window.square(3));
        net.batchNorm("bn2", EPSILON, Activation.RELU);
        block("block1", 2, false, List.of(128, 128));
        block("block2", 2, true, List.of(256, 256));
        block("block3", 2, true, List.of(MIDDLE_CHANNELS, MIDDLE_CHANNELS));
        for (int i = FIRST_MIDDLE_BLOCK; i <= LAST_MIDDLE_BLOCK; i++) {
            block("block" + i, 1, true, List.of(MIDDLE_CHANNELS, MIDDLE_CHANNELS, MIDDLE_CHANNELS));
        }
        block("block12", 2, true, List.of(MIDDLE_CHANNELS, 1024));
        net.stage("conv3");
        separable("conv3", 1536).batchNorm("bn3", EPSILON, Activation.RELU);
        net.stage("conv4");
        separable("conv4", 2048).batchNorm("bn4", EPSILON, Activation.RELU);
        return net.pooledClassifier("fc", Family.CLASSES);
    }

    /// Adds a block of separable convolutions, each normalised and all but perhaps the first after a ReLU, and its
    /// shortcut: the input itself, or where it would not fit, a projection of it.
    ///
    /// @param channels channels of each convolution
    private void block(String name, int stride, boolean startsWithRelu, List<Integer> channels) {
        String input = net.stage(name).last();
        int inChannels = net.channels();
        int position = 0; // of a module in timm's sequence
        for (int i = 0; i < channels.size(); i++) {
            if (i > 0 || startsWithRelu) {
                net.activate(name + ".rep." + position++, Activation.RELU);
            }
            separable(name + ".rep." + position++, channels.get(i));
            net.batchNorm(name + ".rep." + position++, EPSILON);
        }
        if (stride > 1) {
            net.then(
                    name + ".rep." + position,
                    new PoolingOp.MaxPool(Window.square(3).stride(stride).padded(1)));
        }
        String residual = net.last();
        if (stride > 1 || channels.getLast() != inChannels) {
            net.resumeAt(input)
                    .conv(name + ".skip", channels.getLast(), Window.square(1).stride(stride));
            net.batchNorm(name + ".skipbn", EPSILON);
            input = net.last();
        }
        net.resumeAt(residual).add(name + ".add", input);
    }

    private NetworkBuilder separable(String name, int channels) {
        return net.depthwise(name + ".conv1", Window.square(3).centred())
                .conv(name + ".pointwise", channels, Window.square(1));
    }
}
