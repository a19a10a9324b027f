package dev.graft.trainer.finetune;

import dev.graft.networks.network.Network;
import dev.graft.networks.weights.Weights;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.pytorch.engine.EngineChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// What stays as it is below a tunable part, opened for each pass of images, so that its memory serves the
/// training between two of them.
///
/// @param network absent where the tunable part begins with the image
/// @param weights of the network, open as long as this is used
/// @param choice where it is computed
/// @param scratch where rows wait
/// @param parallelism threads of a pass
/// @param nativeBytes memory outside the heap that a pass may take
record FrozenPart(
        Optional<Network> network,
        Weights weights,
        EngineChoice choice,
        ScratchFolder scratch,
        int parallelism,
        long nativeBytes) {
    /// Computes the rows of images.
    ///
    /// @param progress receives how many are done, on the calling thread
    /// @return rows, which the caller closes
    /// @throws UnusableImageException when an image is gone or cannot be decoded
    /// @throws java.util.concurrent.CancellationException when the calling thread is interrupted
    Rows rows(InputReader images, List<String> imageIds, IntConsumer progress) {
        try (Trunk trunk = Trunk.of(images, network, weights, choice, parallelism, nativeBytes)) {
            return trunk.rows(imageIds, scratch.create(".rows"), progress);
        } catch (IOException e) {
            throw new UncheckedIOException("no file for rows can be made", e);
        }
    }
}
