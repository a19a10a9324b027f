package dev.graft.predict.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.contracts.LabelProbability;
import dev.graft.predict.model.ServedModel;
import dev.graft.predict.prediction.Prediction;
import dev.graft.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of one of many pictures.
///
/// @param file        as the sender named it
/// @param predictions most probable first; absent when there is a problem
/// @param problem     why there are no predictions
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FilePredictionView(
        String file,
        String model,
        int version,
        @Nullable List<LabelProbability> predictions,
        @Nullable Problem problem) {

    static FilePredictionView of(String file, ServedModel model, Prediction prediction) {
        return switch (prediction) {
            case Prediction.Made made ->
                new FilePredictionView(file, model.name(), model.version(), made.labels(), null);
            case Prediction.Refused refused ->
                new FilePredictionView(file, model.name(), model.version(), null, refused.problem());
        };
    }
}
