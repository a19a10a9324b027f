package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A training run ended.
///
/// @param version      the registered model version; present when it succeeded
/// @param testAccuracy fraction of right answers on the evaluation pictures; present when it succeeded
/// @param detail       why it failed; present when it failed
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingFinished(
        String runId,
        String modelName,
        Outcome outcome,
        @Nullable Integer version,
        @Nullable Double testAccuracy,
        @Nullable String detail)
        implements Event {

    /// How a run can end.
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    @Override
    public String partitionKey() {
        return runId;
    }
}
