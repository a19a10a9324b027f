package dev.graft.predict.prediction;

import dev.graft.contracts.LabelProbability;
import dev.graft.problem.Problem;
import java.util.List;

/// What came of a picture.
public sealed interface Prediction {

    /// The most probable labels, in falling order.
    record Made(List<LabelProbability> labels) implements Prediction {
        public Made {
            labels = List.copyOf(labels);
        }
    }

    /// The picture is no good.
    record Refused(Problem problem) implements Prediction {}
}
