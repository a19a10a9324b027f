package dev.graft.pytorch.bench;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.NetworkBuilder;
import dev.graft.networks.network.Op;

/// A chain of large products of matrices, which shows how many multiply-adds a second the machine gives at most to a
/// network in the same engine on the same threads.
final class MatrixProduct {
    /// Rows that are multiplied together; the engines' kernels reach their full speed well below this.
    static final int ROWS = 1024;

    private static final int INPUT_SIZE = 16;

    /// A matrix of 768 × 768 stays in the cache of a core while all rows pass.
    private static final int FEATURES = 768;

    private static final int PRODUCTS = 8;

    private MatrixProduct() {}

    /// Builds the chain as a network on images of 16 × 16, each of which is one row.
    static Network network() {
        NetworkBuilder net = new NetworkBuilder("matrix-product", INPUT_SIZE);
        net.then("row", new Op.Flatten());
        for (int i = 0; i < PRODUCTS; i++) {
            net.then("product" + i, new Op.Linear(FEATURES, false));
        }
        return net.build("row", net.last());
    }
}
