package dev.graft.pytorch.training;

import dev.graft.networks.training.Loss;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// How a tuner goes about its work. Immutable.
///
/// @param loss the loss of logits
/// @param descent the rule by which parameters are moved
/// @param dropout what is left out at random while training; absent: nothing
/// @param clipNorm the greatest norm that all gradients may have together, more than 0; nothing is cut where it
///     is absent
/// @param rateFactors what the learning rate is multiplied by in each stage
///     ([dev.graft.networks.training.LayerDecay]), 1 in those that are not named
/// @param microBatch greatest number of rows that are differentiated together on the CPU, at least 1; more
///     need more memory, and another number rounds differently
/// @param lanes number of threads that differentiate parts of a batch side by side on the CPU, at least 1;
///     another number rounds differently
/// @param mixedPrecision whether steps are differentiated in bfloat16, while parameters, their gradients
///     and what the rule of descent remembers are float32
public record TuningSettings(
        Loss loss,
        Descent descent,
        Optional<Dropout> dropout,
        OptionalDouble clipNorm,
        Map<String, Double> rateFactors,
        int microBatch,
        int lanes,
        boolean mixedPrecision) {
    /// Checks the numbers.
    public TuningSettings {
        rateFactors = Map.copyOf(rateFactors);
        if (microBatch < 1) {
            throw new IllegalArgumentException("a part of a batch has at least 1 row, not " + microBatch);
        }
        if (lanes < 1) {
            throw new IllegalArgumentException("a batch is differentiated in at least 1 lane, not " + lanes);
        }
        if (clipNorm.isPresent() && !(clipNorm.getAsDouble() > 0)) {
            throw new IllegalArgumentException("gradients are cut to a positive norm, not " + clipNorm.getAsDouble());
        }
    }
}
