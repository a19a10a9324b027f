package dev.graft.cli.prediction;

import dev.graft.cli.rest.PredictionView;
import dev.graft.contracts.LabelProbability;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/// What a model says about a file, as `--json` prints it.
public record Prediction(String file, String model, int version, List<LabelProbability> predictions) {
    static Prediction of(String file, PredictionView view) {
        return new Prediction(
                file,
                Objects.requireNonNull(view.model()),
                Objects.requireNonNull(view.version()),
                Objects.requireNonNull(view.predictions()));
    }

    /// Gives the labels with their probabilities, the likeliest first.
    public String words() {
        // ImageNet's labels are lists of words themselves.
        String comma = predictions.stream().anyMatch(one -> one.label().contains(",")) ? "; " : ", ";
        return predictions.stream()
                .map(one -> String.format(Locale.ROOT, "%s %.1f %%", one.label(), 100 * one.probability()))
                .collect(Collectors.joining(comma));
    }
}
