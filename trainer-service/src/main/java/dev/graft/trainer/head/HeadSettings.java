package dev.graft.trainer.head;

/// How a head is trained. Settings that the optimizer does not have are those of [#linear].
///
/// @param epochLimit   passes over the pictures at most (steps, for L-BFGS)
/// @param batchSize    pictures in a step; L-BFGS takes all
/// @param learningRate length of a step; L-BFGS finds its own
/// @param dropout      share of the inputs of the last layer left out at random while learning
/// @param classWeights how much an image of each class counts
/// @param seed         decides everything that is drawn
public record HeadSettings(
        HeadArchitecture architecture,
        Optimizer optimizer,
        int epochLimit,
        int batchSize,
        double learningRate,
        double dropout,
        ClassWeights classWeights,
        long seed) {

    /// The ways to the minimum.
    public enum Optimizer {
        LBFGS,
        ADAM,
        ADAMW,
        SGD
    }

    /// Steps of L-BFGS at most, when nothing else is asked for; it converges long before.
    public static final int LBFGS_STEP_LIMIT = 500;

    public HeadSettings {
        if (epochLimit < 1 || batchSize < 1 || !(learningRate > 0) || !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("settings out of range");
        }
        if (optimizer == Optimizer.LBFGS && architecture instanceof HeadArchitecture.Mlp) {
            throw new IllegalArgumentException("L-BFGS trains heads of one layer only");
        }
    }

    /// The default: a linear head, trained with L-BFGS until it has converged.
    public static HeadSettings linear(long seed) {
        return new HeadSettings(
                new HeadArchitecture.Linear(),
                Optimizer.LBFGS,
                LBFGS_STEP_LIMIT,
                1,
                1,
                0,
                new ClassWeights.Equal(),
                seed);
    }
}
