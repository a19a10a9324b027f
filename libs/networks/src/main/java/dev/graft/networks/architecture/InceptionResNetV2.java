package dev.graft.networks.architecture;

import dev.graft.networks.architecture.ConvUnits.Unit;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds Inception-ResNet v2 (Szegedy et al., 2016, arXiv:1602.07261), with the names of timm. Residuals are
/// scaled down before they are added, by the factors of the published TensorFlow network.
final class InceptionResNetV2 {
    static final Family FAMILY = new Family(
            List.of("inception_resnet_v2"), name -> new InceptionResNetV2(new NetworkBuilder(name, 299)).build());

    private static final double SCALE_35 = 0.17;
    private static final double SCALE_17 = 0.10;
    private static final double SCALE_8 = 0.20;
    private static final int BLOCKS_35 = 10;
    private static final int BLOCKS_17 = 20;
    private static final int BLOCKS_8 = 9;

    private final NetworkBuilder net;
    private final ConvUnits units;

    private InceptionResNetV2(NetworkBuilder net) {
        this.net = net;
        this.units = new ConvUnits(net);
    }

    private Network build() {
        units.stage(Unit.halving("conv2d_1a", 32));
        units.stage(new Unit("conv2d_2a", 32, Window.square(3)));
        units.stage(Unit.of("conv2d_2b", 64, 3, 3));
        units.halvingPool("maxpool_3a", net.stage("maxpool_3a").last());
        units.stage(Unit.of("conv2d_3b", 80, 1, 1));
        units.stage(new Unit("conv2d_4a", 192, Window.square(3)));
        units.halvingPool("maxpool_5a", net.stage("maxpool_5a").last());
        mixed5b();
        net.stage("repeat");
        for (int i = 0; i < BLOCKS_35; i++) {
            block35("repeat." + i);
        }
        mixed6a();
        net.stage("repeat_1");
        for (int i = 0; i < BLOCKS_17; i++) {
            block17("repeat_1." + i);
        }
        mixed7a();
        net.stage("repeat_2");
        for (int i = 0; i < BLOCKS_8; i++) {
            block8("repeat_2." + i, SCALE_8).activate("repeat_2." + i + ".relu", Activation.RELU);
        }
        net.stage("block8");
        block8("block8", 1);
        units.stage(Unit.of("conv2d_7b", 1536, 1, 1));
        return net.pooledClassifier("classif", Family.CLASSES);
    }

    private void mixed5b() {
        String input = net.stage("mixed_5b").last();
        String path = "mixed_5b.branch";
        net.concat(
                "mixed_5b",
                List.of(
                        units.branch(input, Unit.of(path + "0", 96, 1, 1)),
                        units.branch(input, Unit.of(path + "1.0", 48, 1, 1), Unit.of(path + "1.1", 64, 5, 5)),
                        units.branch(
                                input,
                                Unit.of(path + "2.0", 64, 1, 1),
                                Unit.of(path + "2.1", 96, 3, 3),
                                Unit.of(path + "2.2", 96, 3, 3)),
                        units.branch(units.averagePool(path + "3.0", input, false), Unit.of(path + "3.1", 64, 1, 1))));
    }

    private void mixed6a() {
        String input = net.stage("mixed_6a").last();
        String path = "mixed_6a.branch";
        net.concat(
                "mixed_6a",
                List.of(
                        units.branch(input, Unit.halving(path + "0", 384)),
                        units.branch(
                                input,
                                Unit.of(path + "1.0", 256, 1, 1),
                                Unit.of(path + "1.1", 256, 3, 3),
                                Unit.halving(path + "1.2", 384)),
                        units.halvingPool(path + "2", input)));
    }

    private void mixed7a() {
        String input = net.stage("mixed_7a").last();
        String path = "mixed_7a.branch";
        net.concat(
                "mixed_7a",
                List.of(
                        units.branch(input, Unit.of(path + "0.0", 256, 1, 1), Unit.halving(path + "0.1", 384)),
                        units.branch(input, Unit.of(path + "1.0", 256, 1, 1), Unit.halving(path + "1.1", 288)),
                        units.branch(
                                input,
                                Unit.of(path + "2.0", 256, 1, 1),
                                Unit.of(path + "2.1", 288, 3, 3),
                                Unit.halving(path + "2.2", 320)),
                        units.halvingPool(path + "3", input)));
    }

    private void block35(String name) {
        String input = net.last();
        String path = name + ".branch";
        List<String> branches = List.of(
                units.branch(input, Unit.of(path + "0", 32, 1, 1)),
                units.branch(input, Unit.of(path + "1.0", 32, 1, 1), Unit.of(path + "1.1", 32, 3, 3)),
                units.branch(
                        input,
                        Unit.of(path + "2.0", 32, 1, 1),
                        Unit.of(path + "2.1", 48, 3, 3),
                        Unit.of(path + "2.2", 64, 3, 3)));
        residual(name, input, branches, SCALE_35).activate(name + ".act", Activation.RELU);
    }

    private void block17(String name) {
        String input = net.last();
        String path = name + ".branch";
        List<String> branches = List.of(
                units.branch(input, Unit.of(path + "0", 192, 1, 1)),
                units.branch(
                        input,
                        Unit.of(path + "1.0", 128, 1, 1),
                        Unit.of(path + "1.1", 160, 1, 7),
                        Unit.of(path + "1.2", 192, 7, 1)));
        residual(name, input, branches, SCALE_17).activate(name + ".act", Activation.RELU);
    }

    /// The last block of this kind has no activation and adds its residual whole.
    private NetworkBuilder block8(String name, double scale) {
        String input = net.last();
        String path = name + ".branch";
        List<String> branches = List.of(
                units.branch(input, Unit.of(path + "0", 192, 1, 1)),
                units.branch(
                        input,
                        Unit.of(path + "1.0", 192, 1, 1),
                        Unit.of(path + "1.1", 224, 1, 3),
                        Unit.of(path + "1.2", 256, 3, 1)));
        return residual(name, input, branches, scale);
    }

    /// Joins branches, widens them to the channels of the block's input, and adds them to it, scaled.
    private NetworkBuilder residual(String name, String input, List<String> branches, double scale) {
        int channels = net.resumeAt(input).channels();
        net.concat(name + ".concat", branches);
        net.convWithBias(name + ".conv2d", channels, Window.square(1));
        if (scale != 1) {
            net.then(name + ".scale", new Op.Scale(scale));
        }
        return net.add(name + ".add", input);
    }
}
