package dev.graft.networks.architecture;

import dev.graft.networks.network.Activation;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Window;

/// Adds what the Inception networks consist of: units of a convolution `name.conv`, a batch normalisation
/// `name.bn` and a ReLU, alone or in a row as a branch.
///
/// @param net the network they are added to
record ConvUnits(NetworkBuilder net) {
    private static final double EPSILON = 1e-3;

    /// A unit.
    ///
    /// @param name name of its module
    /// @param channels channels it gives
    /// @param window the window of its convolution
    record Unit(String name, int channels, Window window) {
        /// Makes a unit whose window keeps the size of its map.
        static Unit of(String name, int channels, int height, int width) {
            return new Unit(name, channels, Window.of(height, width).centred());
        }

        /// Makes a unit whose window of 3 × 3 has stride 2 and no padding.
        static Unit halving(String name, int channels) {
            return new Unit(name, channels, Window.square(3).stride(2));
        }
    }

    /// Adds units one after the other.
    ///
    /// @param from step whose result the first takes
    /// @param units the units
    /// @return name of the last step
    String branch(String from, Unit... units) {
        net.resumeAt(from);
        for (Unit unit : units) {
            net.conv(unit.name() + ".conv", unit.channels(), unit.window());
            net.batchNorm(unit.name() + ".bn", EPSILON, Activation.RELU);
        }
        return net.last();
    }

    /// Begins a stage that is one unit.
    void stage(Unit unit) {
        net.stage(unit.name());
        branch(net.last(), unit);
    }

    /// Adds a maximum over windows of 3 × 3 with stride 2, without padding.
    ///
    /// @return name of the step
    String halvingPool(String name, String from) {
        return net.resumeAt(from)
                .then(name, new PoolingOp.MaxPool(Window.square(3).stride(2)))
                .last();
    }

    /// Adds a mean over windows of 3 × 3 that keeps the size.
    ///
    /// @return name of the step
    String averagePool(String name, String from, boolean countPadding) {
        return net.resumeAt(from)
                .then(name, new PoolingOp.AveragePool(Window.square(3).padded(1), countPadding))
                .last();
    }
}
