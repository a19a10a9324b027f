package dev.graft.backbones.architecture;

import dev.graft.backbones.network.Activation;
import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.NetworkBuilder;
import dev.graft.backbones.network.Window;
import java.util.List;
import java.util.Optional;

/// Builds EfficientNet-Lite: EfficientNet (Tan and Le, 2019, arXiv:1905.11946) without squeeze-and-excitation and with
/// ReLU6, whose stem and head keep their width at every scale. Two flavours exist: the TensorFlow one (`tf_` names,
/// SAME
/// padding, batch-norm epsilon 0.001) and the PyTorch one (symmetric padding, epsilon 0.00001).
final class EfficientNetLite {
    private static final String TENSORFLOW_PREFIX = "tf_";
    private static final int CLASSES = 1000;
    private static final int STEM_CHANNELS = 32;
    private static final int HEAD_CHANNELS = 1280;

    /// The scales: names without flavour, width, depth and default input size.
    private static final List<Scale> SCALES = List.of(
            new Scale("efficientnet_lite0", 1.0, 1.0, 224),
            new Scale("efficientnet_lite1", 1.0, 1.1, 240),
            new Scale("efficientnet_lite2", 1.1, 1.2, 260),
            new Scale("efficientnet_lite3", 1.2, 1.4, 300),
            new Scale("efficientnet_lite4", 1.4, 1.8, 380));

    /// The stages of the unscaled network, table 1 of the paper: a block's repeats, window, stride, expansion,
    /// channels.
    private static final List<Stage> STAGES = List.of(
            new Stage(1, 3, 1, 1, 16),
            new Stage(2, 3, 2, 6, 24),
            new Stage(2, 5, 2, 6, 40),
            new Stage(3, 3, 2, 6, 80),
            new Stage(3, 5, 1, 6, 112),
            new Stage(4, 5, 2, 6, 192),
            new Stage(1, 3, 1, 6, 320));

    private final NetworkBuilder net;
    private final boolean tensorFlow;
    private final double epsilon;

    private EfficientNetLite(NetworkBuilder net, boolean tensorFlow) {
        this.net = net;
        this.tensorFlow = tensorFlow;
        this.epsilon = tensorFlow ? 1e-3 : 1e-5;
    }

    /// Builds the member of the family with this name, if there is one.
    static Optional<Network> named(String name) {
        boolean tensorFlow = name.startsWith(TENSORFLOW_PREFIX);
        String plain = tensorFlow ? name.substring(TENSORFLOW_PREFIX.length()) : name;
        return SCALES.stream()
                .filter(scale -> scale.name().equals(plain))
                .findFirst()
                .map(scale ->
                        new EfficientNetLite(new NetworkBuilder(name, scale.inputSize()), tensorFlow).build(scale));
    }

    /// Lists the names of the family.
    static List<String> names() {
        return SCALES.stream()
                .map(Scale::name)
                .mapMulti((String name, java.util.function.Consumer<String> sink) -> {
                    sink.accept(TENSORFLOW_PREFIX + name);
                    sink.accept(name);
                })
                .toList();
    }

    private Network build(Scale scale) {
        net.stage("stem").conv("conv_stem", STEM_CHANNELS, window(3, 2));
        net.batchNorm("bn1", epsilon, Activation.RELU6);
        for (int index = 0; index < STAGES.size(); index++) {
            Stage stage = STAGES.get(index);
            boolean fixed = index == 0 || index == STAGES.size() - 1;
            int repeats = fixed ? stage.repeats() : (int) Math.ceil(stage.repeats() * scale.depth());
            net.stage("blocks." + index);
            for (int repeat = 0; repeat < repeats; repeat++) {
                int stride = repeat == 0 ? stage.stride() : 1;
                block("blocks." + index + "." + repeat, stage, scale.channels(stage.channels()), stride);
            }
        }
        net.stage("conv_head").conv("conv_head", HEAD_CHANNELS, window(1, 1));
        net.batchNorm("bn2", epsilon, Activation.RELU6);
        return net.pooledClassifier("classifier", CLASSES);
    }

    /// Adds a block: widen (unless the expansion is 1), filter each channel alone, narrow without an activation, and
    /// add
    /// the input where the shape allows it.
    private void block(String name, Stage stage, int outChannels, int stride) {
        String shortcut = net.last();
        int inChannels = net.channels();
        boolean widened = stage.expansion() > 1;
        if (widened) {
            net.conv(name + ".conv_pw", inChannels * stage.expansion(), window(1, 1));
            net.batchNorm(name + ".bn1", epsilon, Activation.RELU6);
        }
        net.depthwise(name + ".conv_dw", window(stage.window(), stride));
        net.batchNorm(name + (widened ? ".bn2" : ".bn1"), epsilon, Activation.RELU6);
        net.conv(name + (widened ? ".conv_pwl" : ".conv_pw"), outChannels, window(1, 1));
        net.batchNorm(name + (widened ? ".bn3" : ".bn2"), epsilon);
        if (stride == 1 && inChannels == outChannels) {
            net.add(name + ".add", shortcut);
        }
    }

    private Window window(int size, int stride) {
        Window window = Window.square(size).stride(stride);
        return tensorFlow ? window.same() : window.centred();
    }

    private record Stage(int repeats, int window, int stride, int expansion, int channels) {}

    private record Scale(String name, double width, double depth, int inputSize) {
        /// Scales a number of channels to a multiple of 8, never more than a tenth below the exact product.
        int channels(int unscaled) {
            double exact = unscaled * width;
            int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
            return rounded < 0.9 * exact ? rounded + 8 : rounded;
        }
    }
}
