package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Window;
import java.util.List;
import java.util.stream.Stream;

/// Builds the networks of inverted residuals: MobileNetV2 (Sandler et al., 2018, arXiv:1801.04381),
/// EfficientNet (Tan and Le, 2019, arXiv:1905.11946), and EfficientNet-Lite, which has no
/// squeeze-and-excitation, ReLU6 in place of swish, and a stem and a head that keep their width at every scale.
/// EfficientNet-Lite comes in two flavours: the TensorFlow one (`tf_` names, SAME padding, batch-norm epsilon
/// 0.001) and the PyTorch one (symmetric padding, epsilon 0.00001).
final class EfficientNet {
    private static final String TENSORFLOW_PREFIX = "tf_";
    private static final int STEM_CHANNELS = 32;
    private static final int HEAD_CHANNELS = 1280;

    /// A block of EfficientNet squeezes to a quarter of the channels it takes.
    private static final int SQUEEZE_DIVISOR = 4;

    /// Table 2 of the paper: repeats, window, stride, expansion and channels of each stage's blocks.
    private static final List<Stage> MOBILENET_V2 = List.of(
            new Stage(1, 3, 1, 1, 16),
            new Stage(2, 3, 2, 6, 24),
            new Stage(3, 3, 2, 6, 32),
            new Stage(4, 3, 2, 6, 64),
            new Stage(3, 3, 1, 6, 96),
            new Stage(3, 3, 2, 6, 160),
            new Stage(1, 3, 1, 6, 320));

    /// Table 1 of the paper, unscaled.
    private static final List<Stage> EFFICIENTNET = List.of(
            new Stage(1, 3, 1, 1, 16),
            new Stage(2, 3, 2, 6, 24),
            new Stage(2, 5, 2, 6, 40),
            new Stage(3, 3, 2, 6, 80),
            new Stage(3, 5, 1, 6, 112),
            new Stage(4, 5, 2, 6, 192),
            new Stage(1, 3, 1, 6, 320));

    /// The members: name, stages, activation, squeeze-and-excitation, width, depth, default input size.
    private static final List<Member> MEMBERS = Stream.of(
                    Stream.of(
                            new Member("mobilenetv2_100", MOBILENET_V2, Activation.RELU6, false, 1, 1, 224),
                            new Member("efficientnet_b0", EFFICIENTNET, Activation.SWISH, true, 1, 1, 224)),
                    lite("efficientnet_lite0", 1.0, 1.0, 224),
                    lite("efficientnet_lite1", 1.0, 1.1, 240),
                    lite("efficientnet_lite2", 1.1, 1.2, 260),
                    lite("efficientnet_lite3", 1.2, 1.4, 300),
                    lite("efficientnet_lite4", 1.4, 1.8, 380))
            .flatMap(members -> members)
            .toList();

    static final Family FAMILY = Family.of(MEMBERS, Member::name, member -> new EfficientNet(member).build());

    private final Member member;
    private final NetworkBuilder net;
    private final boolean tensorFlow;
    private final double epsilon;

    private EfficientNet(Member member) {
        this.member = member;
        this.net = new NetworkBuilder(member.name(), member.inputSize());
        this.tensorFlow = member.name().startsWith(TENSORFLOW_PREFIX);
        this.epsilon = tensorFlow ? 1e-3 : 1e-5;
    }

    private static Stream<Member> lite(String name, double width, double depth, int inputSize) {
        return Stream.of(TENSORFLOW_PREFIX + name, name)
                .map(flavour -> new Member(flavour, EFFICIENTNET, Activation.RELU6, false, width, depth, inputSize));
    }

    private Network build() {
        net.stage("stem").conv("conv_stem", STEM_CHANNELS, window(3, 2));
        net.batchNorm("bn1", epsilon, member.activation());
        for (int index = 0; index < member.stages().size(); index++) {
            Stage stage = member.stages().get(index);
            net.stage("blocks." + index);
            for (int repeat = 0; repeat < member.repeats(index); repeat++) {
                int stride = repeat == 0 ? stage.stride() : 1;
                block("blocks." + index + "." + repeat, stage, stride);
            }
        }
        net.stage("conv_head").conv("conv_head", HEAD_CHANNELS, window(1, 1));
        net.batchNorm("bn2", epsilon, member.activation());
        return net.pooledClassifier("classifier", Family.CLASSES);
    }

    /// Adds a block: widen (unless the expansion is 1), filter each channel alone, weigh the channels (where
    /// the member does so), narrow without an activation, and add the input where the shape allows it.
    private void block(String name, Stage stage, int stride) {
        String shortcut = net.last();
        int inChannels = net.channels();
        int outChannels = member.channels(stage.channels());
        boolean widened = stage.expansion() > 1;
        if (widened) {
            net.conv(name + ".conv_pw", inChannels * stage.expansion(), window(1, 1));
            net.batchNorm(name + ".bn1", epsilon, member.activation());
        }
        net.depthwise(name + ".conv_dw", window(stage.window(), stride));
        net.batchNorm(name + (widened ? ".bn2" : ".bn1"), epsilon, member.activation());
        if (member.squeezes()) {
            squeezeAndExcite(name + ".se", inChannels / SQUEEZE_DIVISOR);
        }
        net.conv(name + (widened ? ".conv_pwl" : ".conv_pw"), outChannels, window(1, 1));
        net.batchNorm(name + (widened ? ".bn3" : ".bn2"), epsilon);
        if (stride == 1 && inChannels == outChannels) {
            net.add(name + ".add", shortcut);
        }
    }

    /// Weighs the channels of the newest map by factors that two small layers make of their means (Hu et al.,
    /// 2018, arXiv:1709.01507).
    private void squeezeAndExcite(String name, int squeezedChannels) {
        String map = net.last();
        int channels = net.channels();
        net.then(name + ".mean", new PoolingOp.Squeeze());
        net.convWithBias(name + ".conv_reduce", squeezedChannels, Window.square(1));
        net.activate(name + ".act1", member.activation());
        net.convWithBias(name + ".conv_expand", channels, Window.square(1));
        net.activate(name + ".gate", Activation.SIGMOID).excite(name + ".excite", map);
    }

    private Window window(int size, int stride) {
        Window window = Window.square(size).stride(stride);
        return tensorFlow ? window.same() : window.centred();
    }

    private record Stage(int repeats, int window, int stride, int expansion, int channels) {}

    private record Member(
            String name,
            List<Stage> stages,
            Activation activation,
            boolean squeezes,
            double width,
            double depth,
            int inputSize) {
        /// Scales the repeats of a stage; the first and the last stage keep theirs in all members that scale.
        int repeats(int stage) {
            int unscaled = stages.get(stage).repeats();
            boolean fixed = stage == 0 || stage == stages.size() - 1;
            return fixed ? unscaled : (int) Math.ceil(unscaled * depth);
        }

        /// Scales a number of channels to a multiple of 8, never more than a tenth below the exact product.
        int channels(int unscaled) {
            double exact = unscaled * width;
            int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
            return rounded < 0.9 * exact ? rounded + 8 : rounded;
        }
    }
}
