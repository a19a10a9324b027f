package dev.graft.cli.bench;

import dev.graft.stack.ActionableException;
import java.util.EnumMap;
import java.util.Map;

/// Collects what the steps cost with one dataset.
final class ScaleCosts {
    private final int images;
    private final HeapWatch heaps;
    private final Map<ScaleStep, Cost> costs = new EnumMap<>(ScaleStep.class);

    /// @param images how many the dataset has
    ScaleCosts(int images, HeapWatch heaps) {
        this.images = images;
        this.heaps = heaps;
    }

    /// What a step costs.
    ///
    /// @param cost      in the unit of the step
    /// @param heapBytes the most of the heap that its service had in use, with what is no longer needed
    record Cost(double cost, long heapBytes) {}

    /// Checks that what is measured was done.
    ///
    /// @param done in words
    /// @throws ActionableException when it was done with another number of images
    void require(long found, long expected, String done) {
        if (found != expected) {
            throw new ActionableException(
                    "Of %,d images, %,d were %s, and not %,d.".formatted(images, found, done, expected),
                    "The logs of the services say more: see them while this runs.");
        }
    }

    /// Records a step that has just ended.
    void record(ScaleStep step, double seconds) {
        costs.put(step, new Cost(step.unit().cost(seconds, images), heaps.mostSinceLast(step.service())));
    }

    /// Gives the costs of the steps that were taken.
    Map<ScaleStep, Cost> byStep() {
        return costs;
    }
}
