package dev.graft.cli.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// How stages are fine-tuned; what is absent, the trainer service chooses.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FineTuneRequest(
        @Nullable Boolean joint,
        @Nullable String optimizer,
        @Nullable Integer epochs,
        @Nullable Integer batchSize,
        @Nullable Double learningRate,
        @Nullable Double layerDecay,
        @Nullable String schedule,
        @Nullable Double warmUpEpochs,
        @Nullable Double weightDecay,
        @Nullable Double momentum,
        @Nullable Double labelSmoothing,
        @Nullable Double clipNorm,
        @Nullable Integer patience,
        @Nullable Boolean mixedPrecision) {
    private static final FineTuneRequest EMPTY =
            new FineTuneRequest(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /// So many epochs, whether or not they get better, with a head that begins anew.
    public static FineTuneRequest ofJointEpochs(int epochs) {
        return new FineTuneRequest(
                true, null, epochs, null, null, null, null, null, null, null, null, null, epochs, null);
    }

    /// Returns whether nothing is chosen.
    public boolean choosesNothing() {
        return equals(EMPTY);
    }
}
