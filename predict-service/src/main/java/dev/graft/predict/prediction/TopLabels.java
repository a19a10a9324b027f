package dev.graft.predict.prediction;

import dev.graft.contracts.LabelProbability;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Picks the most probable labels.
final class TopLabels {
    private TopLabels() {}

    /// Gives at most `top` labels, most probable first; of equal ones the earlier comes first.
    ///
    /// @param probabilities float32 [labels]
    static List<LabelProbability> of(float[] probabilities, List<String> labels, int top) {
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(label -> -probabilities[label]))
                .limit(top)
                .map(label -> new LabelProbability(labels.get(label), probabilities[label]))
                .toList();
    }
}
