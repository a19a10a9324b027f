package dev.graft.cli.drill;

import java.util.SplittableRandom;

/// Draws moments of runs, evenly from the time that a run takes.
final class Moments {
    private final SplittableRandom random;
    private final double runSeconds;

    /// @param seed       the same seed draws the same moments
    /// @param runSeconds how long a run takes that nobody disturbs
    Moments(long seed, double runSeconds) {
        this.random = new SplittableRandom(seed);
        this.runSeconds = runSeconds;
    }

    /// Gives seconds since a process has taken a run up.
    double next() {
        return random.nextDouble() * runSeconds;
    }
}
