package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A wanted prediction was made, or could not be made.
///
/// @param version     the version that answered; absent when none did
/// @param predictions most probable first; empty when none could be made
/// @param problem     why none could be made
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PredictionCompleted(
        String requestId,
        String modelName,
        String imageId,
        @Nullable Integer version,
        List<LabelProbability> predictions,
        @Nullable String problem)
        implements Event {

    public PredictionCompleted {
        predictions = List.copyOf(predictions);
    }

    @Override
    public String partitionKey() {
        return requestId;
    }
}
