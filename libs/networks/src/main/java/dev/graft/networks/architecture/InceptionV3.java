package dev.graft.networks.architecture;

import dev.graft.networks.architecture.ConvUnits.Unit;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Window;
import java.util.List;

/// Builds Inception v3 (Szegedy et al., 2015, arXiv:1512.00567), with the names and the order of torchvision. The
/// auxiliary classifier, which only training from scratch uses, is no part of it.
final class InceptionV3 {
    static final Family FAMILY =
            new Family(List.of("inception_v3"), name -> new InceptionV3(new NetworkBuilder(name, 299)).build());

    private final NetworkBuilder net;
    private final ConvUnits units;

    private InceptionV3(NetworkBuilder net) {
        this.net = net;
        this.units = new ConvUnits(net);
    }

    private Network build() {
        units.stage(Unit.halving("Conv2d_1a_3x3", 32));
        units.stage(new Unit("Conv2d_2a_3x3", 32, Window.square(3)));
        units.stage(Unit.of("Conv2d_2b_3x3", 64, 3, 3));
        units.halvingPool("Pool1", net.stage("Pool1").last());
        units.stage(Unit.of("Conv2d_3b_1x1", 80, 1, 1));
        units.stage(new Unit("Conv2d_4a_3x3", 192, Window.square(3)));
        units.halvingPool("Pool2", net.stage("Pool2").last());
        windows5("Mixed_5b", 32);
        windows5("Mixed_5c", 64);
        windows5("Mixed_5d", 64);
        halveTo17("Mixed_6a");
        windows7("Mixed_6b", 128);
        windows7("Mixed_6c", 160);
        windows7("Mixed_6d", 160);
        windows7("Mixed_6e", 192);
        halveTo8("Mixed_7a");
        forked("Mixed_7b");
        forked("Mixed_7c");
        return net.auxiliary("AuxLogits").pooledClassifier("fc", Family.CLASSES);
    }

    /// Figure 5 of the paper, with one window of 5 × 5 left whole.
    private void windows5(String name, int pooledChannels) {
        String input = net.stage(name).last();
        String path = name + ".branch";
        net.concat(
                name,
                List.of(
                        units.branch(input, Unit.of(path + "1x1", 64, 1, 1)),
                        units.branch(input, Unit.of(path + "5x5_1", 48, 1, 1), Unit.of(path + "5x5_2", 64, 5, 5)),
                        units.branch(
                                input,
                                Unit.of(path + "3x3dbl_1", 64, 1, 1),
                                Unit.of(path + "3x3dbl_2", 96, 3, 3),
                                Unit.of(path + "3x3dbl_3", 96, 3, 3)),
                        pooled(input, path, pooledChannels)));
    }

    private void halveTo17(String name) {
        String input = net.stage(name).last();
        String path = name + ".branch";
        net.concat(
                name,
                List.of(
                        units.branch(input, Unit.halving(path + "3x3", 384)),
                        units.branch(
                                input,
                                Unit.of(path + "3x3dbl_1", 64, 1, 1),
                                Unit.of(path + "3x3dbl_2", 96, 3, 3),
                                Unit.halving(path + "3x3dbl_3", 96)),
                        units.halvingPool(path + "_pool", input)));
    }

    /// Figure 6 of the paper with n = 7.
    private void windows7(String name, int channels) {
        String input = net.stage(name).last();
        String path = name + ".branch";
        net.concat(
                name,
                List.of(
                        units.branch(input, Unit.of(path + "1x1", 192, 1, 1)),
                        units.branch(
                                input,
                                Unit.of(path + "7x7_1", channels, 1, 1),
                                Unit.of(path + "7x7_2", channels, 1, 7),
                                Unit.of(path + "7x7_3", 192, 7, 1)),
                        units.branch(
                                input,
                                Unit.of(path + "7x7dbl_1", channels, 1, 1),
                                Unit.of(path + "7x7dbl_2", channels, 7, 1),
                                Unit.of(path + "7x7dbl_3", channels, 1, 7),
                                Unit.of(path + "7x7dbl_4", channels, 7, 1),
                                Unit.of(path + "7x7dbl_5", 192, 1, 7)),
                        pooled(input, path, 192)));
    }

    private void halveTo8(String name) {
        String input = net.stage(name).last();
        String path = name + ".branch";
        net.concat(
                name,
                List.of(
                        units.branch(input, Unit.of(path + "3x3_1", 192, 1, 1), Unit.halving(path + "3x3_2", 320)),
                        units.branch(
                                input,
                                Unit.of(path + "7x7x3_1", 192, 1, 1),
                                Unit.of(path + "7x7x3_2", 192, 1, 7),
                                Unit.of(path + "7x7x3_3", 192, 7, 1),
                                Unit.halving(path + "7x7x3_4", 192)),
                        units.halvingPool(path + "_pool", input)));
    }

    /// Figure 7 of the paper.
    private void forked(String name) {
        String input = net.stage(name).last();
        String path = name + ".branch";
        String ones = units.branch(input, Unit.of(path + "1x1", 320, 1, 1));
        String fork = units.branch(input, Unit.of(path + "3x3_1", 384, 1, 1));
        String wide = units.branch(fork, Unit.of(path + "3x3_2a", 384, 1, 3));
        String high = units.branch(fork, Unit.of(path + "3x3_2b", 384, 3, 1));
        String deepFork =
                units.branch(input, Unit.of(path + "3x3dbl_1", 448, 1, 1), Unit.of(path + "3x3dbl_2", 384, 3, 3));
        String deepWide = units.branch(deepFork, Unit.of(path + "3x3dbl_3a", 384, 1, 3));
        String deepHigh = units.branch(deepFork, Unit.of(path + "3x3dbl_3b", 384, 3, 1));
        net.concat(name, List.of(ones, wide, high, deepWide, deepHigh, pooled(input, path, 192)));
    }

    private String pooled(String input, String path, int channels) {
        return units.branch(
                units.averagePool(path + "_pool.mean", input, true), Unit.of(path + "_pool", channels, 1, 1));
    }
}
