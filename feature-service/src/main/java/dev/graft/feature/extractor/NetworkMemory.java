package dev.graft.feature.extractor;

import dev.graft.feature.EmbeddingConfig;
import dev.graft.networks.Backbone;
import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.inference.ProcessMemory;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Bounds the memory outside the heap that a network and the images in it take, before it is opened. Where all
/// images that are computed side by side do not fit, fewer are; where one alone does not, the network is
/// refused. Immutable.
public final class NetworkMemory {
    /// The steps in which a smaller input is looked for, which suit every architecture: patches have 14 or 16
    /// pixels, and convolutions halve the size five times.
    private static final int SIZE_STEP_PIXELS = 32;

    private final long boundBytes;

    /// Takes the configured bound, or else half of what there is besides the heap.
    public NetworkMemory(EmbeddingConfig config) {
        this(config.nativeMemory().map(MemorySize::asLongValue).orElseGet(ProcessMemory::halfBesidesTheHeapBytes));
    }

    NetworkMemory(long boundBytes) {
        this.boundBytes = boundBytes;
    }

    /// Gives the bound.
    long boundBytes() {
        return boundBytes;
    }

    /// Says how many images are computed together and side by side.
    ///
    /// @param sized       the backbone at its input size
    /// @param layer       where features are taken
    /// @param maxBatch    the most images that pass together, as engines take it
    /// @param parallelism the most passes side by side
    /// @throws ProblemException `SETTING_UNSUPPORTED` with the field and the bound when one image alone is too
    ///     much
    public PassMemory.Plan plan(Backbone sized, TransferLayer layer, int maxBatch, int parallelism) {
        Network network = sized.network().upTo(layer);
        return PassMemory.plan(network, boundBytes, maxBatch, parallelism)
                .orElseThrow(() -> tooMuch(sized, layer, PassMemory.of(network)));
    }

    private ProblemException tooMuch(Backbone sized, TransferLayer layer, PassMemory need) {
        String much =
                "One picture of %1$d × %1$d pixels in %2$s up to layer %3$s takes %4$s outside the heap; this service has %5$s for it."
                        .formatted(
                                sized.preprocessing().inputSizePixels(),
                                sized.name(),
                                layer,
                                mebibytes(need.bytes(1)),
                                mebibytes(boundBytes));
        OptionalInt fittingPixels = largestSize(sized, layer);
        if (fittingPixels.isPresent()) {
            return refused(
                    "%s Choose an input size of %d pixels at most.".formatted(much, fittingPixels.getAsInt()),
                    "inputSizePixels");
        }
        return highestLayer(sized)
                .map(lower -> refused("%s Choose a lower layer, such as %s.".formatted(much, lower), "layer"))
                .orElseGet(() -> refused(much + " Choose a smaller backbone.", "backbone"));
    }

    private static ProblemException refused(String detail, String field) {
        return new ProblemException(ProblemType.SETTING_UNSUPPORTED, detail, field);
    }

    private OptionalInt largestSize(Backbone sized, TransferLayer layer) {
        int steps = (sized.preprocessing().inputSizePixels() - 1) / SIZE_STEP_PIXELS;
        return IntStream.iterate(steps * SIZE_STEP_PIXELS, size -> size > 0, size -> size - SIZE_STEP_PIXELS)
                .filter(size -> fits(sized, layer, size))
                .findFirst();
    }

    private boolean fits(Backbone sized, TransferLayer layer, int inputSizePixels) {
        try {
            return fits(sized.withInputSize(inputSizePixels).network().upTo(layer));
        } catch (IllegalArgumentException notTaken) {
            return false;
        }
    }

    private boolean fits(Network part) {
        return PassMemory.of(part).bytes(1) <= boundBytes;
    }

    /// Finds the last stage, averaged over its positions, that fits.
    private Optional<TransferLayer> highestLayer(Backbone sized) {
        Network network = sized.network();
        return network.stages().reversed().stream()
                .map(stage -> new TransferLayer(stage, true))
                .filter(layer ->
                        network.shape(network.select(layer.name()).getLast().name())
                                        .rank()
                                > 1)
                .filter(layer -> fits(network.upTo(layer)))
                .findFirst();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", Math.ceilDiv(bytes, 1L << 20));
    }
}
