package dev.graft.trainer.head;

import java.util.ArrayDeque;
import java.util.Iterator;

/// Minimises smooth functions with limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5),
/// with a backtracking line search, which suits convex functions.
final class Lbfgs {
    private static final int HISTORY = 10;
    /// Vectors of float64 that are alive at one moment: two for each step that is remembered, and six of the present
    /// one.
    static final int VECTORS = 2 * HISTORY + 6;

    private static final int BACKTRACKS = 30;
    private static final double SUFFICIENT_DECREASE = 1e-4;
    /// How far rounding in float32 may hide a decrease, relative to the value.
    private static final double ROUNDING = 1e-9;
    /// Steps that lower the value by less than this share of it lead nowhere; so many in a row end the walk.
    private static final double LEAST_DECREASE = 1e-7;
    private static final int IDLE_STEPS = 3;

    private Lbfgs() {}

    /// A function and its gradient.
    @FunctionalInterface
    interface Objective {
        /// Gives the value at `parameters` and puts the gradient into `gradient`.
        double evaluate(double[] parameters, double[] gradient);
    }

    /// Receives every step.
    @FunctionalInterface
    interface StepListener {
        void stepped(int step, double value);
    }

    /// Where the minimisation ended.
    record Minimum(double[] parameters, double value, int steps, boolean converged) {}

    private record Pair(double[] step, double[] change, double inverseProduct) {}

    /// Walks downhill from `start` until no part of the gradient is greater than `tolerance`, the value hardly
    /// decreases any more, or `stepLimit` steps are done.
    ///
    /// @throws NotFiniteException when the value is infinite or not a number
    static Minimum minimise(
            Objective objective, double[] start, double tolerance, int stepLimit, StepListener listener) {
        double[] at = start.clone();
        double[] gradient = new double[at.length];
        double value = objective.evaluate(at, gradient);
        NotFiniteException.require(value, "the loss before the first step");
        ArrayDeque<Pair> history = new ArrayDeque<>(HISTORY);
        int idle = 0;
        for (int step = 1; step <= stepLimit; step++) {
            if (greatest(gradient) <= tolerance) {
                return new Minimum(at, value, step - 1, true);
            }
            double[] direction = direction(gradient, history);
            double slope = dot(direction, gradient);
            double length = history.isEmpty() ? Math.min(1, 1 / norm(gradient)) : 1;
            double[] next = new double[at.length];
            double[] nextGradient = new double[at.length];
            double nextValue = Double.NaN;
            boolean lower = false;
            for (int attempt = 0; attempt < BACKTRACKS && !lower; attempt++) {
                for (int i = 0; i < next.length; i++) {
                    next[i] = at[i] + length * direction[i];
                }
                nextValue = objective.evaluate(next, nextGradient);
                lower = nextValue <= value + SUFFICIENT_DECREASE * length * slope + ROUNDING * Math.abs(value);
                if (!lower) {
                    length *= shrink(value, slope * length, nextValue);
                }
            }
            if (!lower) {
                return new Minimum(at, value, step - 1, true);
            }
            NotFiniteException.require(nextValue, "the loss after step " + step);
            remember(history, at, next, gradient, nextGradient);
            idle = value - nextValue <= LEAST_DECREASE * Math.abs(value) ? idle + 1 : 0;
            at = next;
            gradient = nextGradient;
            value = nextValue;
            listener.stepped(step, value);
            if (idle == IDLE_STEPS) {
                return new Minimum(at, value, step, true);
            }
        }
        return new Minimum(at, value, stepLimit, greatest(gradient) <= tolerance);
    }

    /// Finds the minimum of the parabola through the two values and the slope, kept within a tenth and a half.
    private static double shrink(double value, double slope, double nextValue) {
        double curvature = 2 * (nextValue - value - slope);
        double share = -slope / curvature;
        return Double.isFinite(share) ? Math.clamp(share, 0.1, 0.5) : 0.1;
    }

    private static void remember(
            ArrayDeque<Pair> history, double[] at, double[] next, double[] gradient, double[] nextGradient) {
        double[] step = new double[at.length];
        double[] change = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            step[i] = next[i] - at[i];
            change[i] = nextGradient[i] - gradient[i];
        }
        double product = dot(step, change);
        if (product > 1e-12 * norm(step) * norm(change)) {
            if (history.size() == HISTORY) {
                history.removeFirst();
            }
            history.addLast(new Pair(step, change, 1 / product));
        }
    }

    private static double[] direction(double[] gradient, ArrayDeque<Pair> history) {
        double[] direction = new double[gradient.length];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = -gradient[i];
        }
        double[] shares = new double[history.size()];
        int at = shares.length;
        for (Iterator<Pair> newest = history.descendingIterator(); newest.hasNext(); ) {
            Pair pair = newest.next();
            shares[--at] = pair.inverseProduct() * dot(pair.step(), direction);
            add(direction, -shares[at], pair.change());
        }
        if (!history.isEmpty()) {
            Pair newest = history.getLast();
            double scale = 1 / (newest.inverseProduct() * dot(newest.change(), newest.change()));
            for (int i = 0; i < direction.length; i++) {
                direction[i] *= scale;
            }
        }
        for (Pair pair : history) {
            double share = shares[at++] - pair.inverseProduct() * dot(pair.change(), direction);
            add(direction, share, pair.step());
        }
        return direction;
    }

    private static void add(double[] to, double factor, double[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * from[i];
        }
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    private static double greatest(double[] vector) {
        double greatest = 0;
        for (double value : vector) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }
}
