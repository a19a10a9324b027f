package dev.graft.cli.drill;

import java.util.SplittableRandom;

/// Draws moments of runs, evenly from the time that a run takes.
final class Moments {
    private final SplittableRandom random;
    private double runSeconds;

    /// @param seed       the same seed draws the same moments
    /// @param runSeconds how long a run takes that nobody disturbs
    Moments(long seed, double runSeconds) {
        this.random = new SplittableRandom(seed);
        this.runSeconds = runSeconds;
    }

    /// Draws from now on from another time, that of the last run that nobody disturbed: a service that has just
    /// started, or a machine that is busy, is slower.
    void runTakes(double seconds) {
        runSeconds = seconds;
    }

    /// Gives seconds since a process has taken a run up.
    double next() {
        return random.nextDouble() * runSeconds;
    }
}
