package dev.graft.pytorch.training;

import java.util.SplittableRandom;

/// Leaves out numbers that a step reads, at random, while it is trained, and multiplies the others by `1 / (1 − p)`,
/// so that their sum stays what it was (Srivastava et al., 2014, JMLR 15:1929–1958, in the inverted form of PyTorch's
/// `Dropout`). What is drawn depends on the seed, the step of the training and the row of the batch alone, not on how
/// a batch is parted. Immutable; safe for use by several threads at once.
///
/// @param step name of the step whose first argument this is about
/// @param share p, from 0 to less than 1
/// @param seed decides what is drawn
public record Dropout(String step, double share, long seed) {
    /// Odd, from the golden ratio: the seeds of neighbours lie far from each other (Steele, Lea and Flood, 2014,
    /// OOPSLA, section 5).
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private static final int MAX_ROWS_BITS = 20;

    /// Checks the share.
    public Dropout {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("dropout is from 0 to less than 1, not " + share);
        }
    }

    /// Draws what rows are multiplied by.
    ///
    /// @param trainingStep number of steps that were trained before
    /// @param firstRow of the batch
    /// @param rows how many
    /// @param perRow numbers of a row
    /// @return float32 `[rows, perRow]`, row-major: 0, or `1 / (1 − p)`
    float[] factors(long trainingStep, int firstRow, int rows, int perRow) {
        float kept = (float) (1 / (1 - share));
        float[] factors = new float[Math.multiplyExact(rows, perRow)];
        for (int row = 0; row < rows; row++) {
            long which = (trainingStep << MAX_ROWS_BITS) + firstRow + row;
            SplittableRandom random = new SplittableRandom(seed ^ ((which + 1) * GAMMA));
            for (int i = row * perRow; i < (row + 1) * perRow; i++) {
                factors[i] = random.nextDouble() < share ? 0 : kept;
            }
        }
        return factors;
    }
}
