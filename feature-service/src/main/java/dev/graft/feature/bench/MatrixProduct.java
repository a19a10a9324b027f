package dev.graft.feature.bench;

import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.NetworkBuilder;
import dev.graft.backbones.network.Op;

/// A chain of large products of matrices, which shows how many multiply-adds a second the machine gives at most to a
/// network in the same engine on the same threads.
final class MatrixProduct {
    /// Rows that are multiplied together; the engines' kernels reach their full speed well below this.
    static final int ROWS = 256;

    private static final int INPUT_SIZE = 32;
    private static final int FEATURES = 2048;
    private static final int PRODUCTS = 4;

    private MatrixProduct() {}

    /// Builds the chain as a network on pictures of 32 × 32, each of which is one row.
    static Network network() {
        NetworkBuilder net = new NetworkBuilder("matrix-product", INPUT_SIZE);
        net.then("row", new Op.Flatten());
        for (int i = 0; i < PRODUCTS; i++) {
            net.then("product" + i, new Op.Linear(FEATURES, false));
        }
        return net.build("row", net.last());
    }
}
