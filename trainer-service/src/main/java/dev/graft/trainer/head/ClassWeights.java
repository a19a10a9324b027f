package dev.graft.trainer.head;

import dev.graft.networks.training.Targets;
import java.util.Arrays;
import java.util.List;

/// How much a row of each class counts while something is learned. Immutable.
public sealed interface ClassWeights {
    /// Returns the weight of each class, such that the rows count 1 on average.
    ///
    /// @param classes how many classes there are
    /// @param labels  class of every row that is learned from, from 0
    /// @return float64 `[classes]`
    double[] of(int classes, int[] labels);

    /// Every row counts as much as every other.
    record Equal() implements ClassWeights {
        @Override
        public double[] of(int classes, int[] labels) {
            double[] weights = new double[classes];
            Arrays.fill(weights, 1);
            return weights;
        }
    }

    /// Every class counts as much as every other, however many rows it has.
    record Balanced() implements ClassWeights {
        @Override
        public double[] of(int classes, int[] labels) {
            return Targets.balancedWeights(classes, labels);
        }
    }

    /// Rows count as they are said to, in proportion: the weights are divided by their mean over the rows, so that
    /// the same learning rate suits weights of any size.
    ///
    /// @param byClass weight of a row of each class, more than 0
    record Given(List<Double> byClass) implements ClassWeights {
        /// Copies the weights, and checks them.
        public Given {
            byClass = List.copyOf(byClass);
            for (double weight : byClass) {
                if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("a class cannot count " + weight);
                }
            }
        }

        /// @throws IllegalArgumentException when there is not a weight for each class
        @Override
        public double[] of(int classes, int[] labels) {
            if (classes != byClass.size()) {
                throw new IllegalArgumentException(
                        byClass.size() + " weights are not those of " + classes + " classes");
            }
            double mean = Arrays.stream(labels).mapToDouble(byClass::get).sum() / labels.length;
            return byClass.stream().mapToDouble(weight -> weight / mean).toArray();
        }
    }
}
