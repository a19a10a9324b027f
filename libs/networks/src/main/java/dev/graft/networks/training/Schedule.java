package dev.graft.networks.training;

/// The learning rate at each step of a training. Computed with `StrictMath`, so that a training that is
/// continued on another machine has the same rates. Immutable; safe for use by several threads at once.
///
/// @param course how the rate goes on after the warm-up
/// @param peakRate the greatest learning rate, η
/// @param warmUpSteps steps W in which the rate rises to η in a straight line: `η · (t + 1) / W` for `t < W`
///     (Goyal et al., 2017, arXiv:1706.02677, section 2.2)
/// @param steps steps T of the whole training, more than the warm-up has
public record Schedule(Course course, double peakRate, long warmUpSteps, long steps) {
    /// The share of its peak that a rate loses in each third of [Course#STEP].
    private static final double STEP_FACTOR = 0.1;

    private static final int STEP_PARTS = 3;

    /// What PyTorch's `OneCycleLR` has where nothing else is said: `div_factor`, `final_div_factor` and
    /// `pct_start` (https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html).
    private static final double CYCLE_START = 25;

    private static final double CYCLE_END = 1e4;
    private static final double CYCLE_RISE = 0.3;

    /// How a rate goes on.
    public enum Course {
        /// η to the end.
        CONSTANT,
        /// `½ · η · (1 + cos(π · (t − W) / (T − W)))` (Loshchilov and Hutter, 2017, arXiv:1608.03983, equation
        /// 5, without restarts).
        COSINE,
        /// From η / 25 up to η in the first three tenths of the steps, and down to η / 250,000 in the rest,
        /// each along half a cosine, as PyTorch's `OneCycleLR` (Smith and Topin, 2018, arXiv:1708.07120). It is
        /// its own warm-up. Unlike there, the momentum stays as it is.
        ONE_CYCLE,
        /// η, a tenth of it and a hundredth of it, in each third of the steps after the warm-up.
        STEP
    }

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException when the rate is not a positive number, there is no step after the
    ///     warm-up, or a cycle has a warm-up besides
    public Schedule {
        if (!(peakRate > 0 && peakRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a learning rate is a positive number, not " + peakRate);
        }
        if (warmUpSteps < 0 || steps <= warmUpSteps) {
            throw new IllegalArgumentException("a warm-up of " + warmUpSteps + " of " + steps + " steps");
        }
        if (course == Course.ONE_CYCLE && warmUpSteps > 0) {
            throw new IllegalArgumentException("one-cycle begins with a warm-up of its own");
        }
    }

    /// Returns the learning rate of a step.
    ///
    /// @param step index t, from 0
    /// @throws IllegalArgumentException when the training has no such step
    public double rateAt(long step) {
        if (step < 0 || step >= steps) {
            throw new IllegalArgumentException("there is no step " + step + " of " + steps);
        }
        if (step < warmUpSteps) {
            return peakRate * (step + 1) / warmUpSteps;
        }
        double progress = (double) (step - warmUpSteps) / (steps - warmUpSteps);
        return switch (course) {
            case CONSTANT -> peakRate;
            case COSINE -> between(peakRate, 0, progress);
            case ONE_CYCLE -> cycle(step);
            case STEP -> peakRate * StrictMath.pow(STEP_FACTOR, (double) third(step));
        };
    }

    /// Whole numbers say exactly where a third begins.
    private long third(long step) {
        return Math.multiplyExact(STEP_PARTS, step - warmUpSteps) / (steps - warmUpSteps);
    }

    private double cycle(long step) {
        double start = peakRate / CYCLE_START;
        double peakAt = CYCLE_RISE * steps - 1;
        if (step <= peakAt) {
            return between(start, peakRate, step / peakAt);
        }
        return between(peakRate, start / CYCLE_END, (step - peakAt) / (steps - 1 - peakAt));
    }

    /// Goes from one rate to another along half a cosine.
    private static double between(double from, double to, double progress) {
        return to + (from - to) / 2 * (1 + StrictMath.cos(Math.PI * progress));
    }
}
