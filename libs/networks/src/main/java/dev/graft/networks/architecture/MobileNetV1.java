package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds MobileNet (Howard et al., 2017, arXiv:1704.04861): convolutions that filter each channel alone, each
/// followed by one that mixes the channels.
final class MobileNetV1 {
    private static final double EPSILON = 1e-5;
    private static final int STEM_CHANNELS = 32;

    /// Table 1 of the paper: channels of each stage and how many blocks give them; each but the first begins
    /// with stride 2.
    private static final List<Stage> STAGES =
            List.of(new Stage(64, 1), new Stage(128, 2), new Stage(256, 2), new Stage(512, 6), new Stage(1024, 2));

    static final Family FAMILY = new Family(List.of("mobilenetv1_100"), MobileNetV1::build);

    private MobileNetV1() {}

    private static Network build(String name) {
        NetworkBuilder net = new NetworkBuilder(name, 224);
        net.stage("stem")
                .conv("conv_stem", STEM_CHANNELS, Window.square(3).stride(2).centred());
        net.batchNorm("bn1", EPSILON, Activation.RELU6);
        for (int index = 0; index < STAGES.size(); index++) {
            Stage stage = STAGES.get(index);
            net.stage("blocks." + index);
            for (int repeat = 0; repeat < stage.repeats(); repeat++) {
                String block = "blocks." + index + "." + repeat;
                int stride = index > 0 && repeat == 0 ? 2 : 1;
                net.depthwise(
                        block + ".conv_dw", Window.square(3).stride(stride).centred());
                net.batchNorm(block + ".bn1", EPSILON, Activation.RELU6);
                net.conv(block + ".conv_pw", stage.channels(), Window.square(1));
                net.batchNorm(block + ".bn2", EPSILON, Activation.RELU6);
            }
        }
        return net.pooledClassifier("classifier", Family.CLASSES);
    }

    private record Stage(int channels, int repeats) {}
}
