package dev.graft.trainer.dataset;

import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.Split;
import dev.graft.problem.ProblemException;
import dev.graft.trainer.head.Folds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A dataset divided into what is learned from and what is evaluated on. No picture is in both.
///
/// @param labels     the classes, sorted; a class is its position
/// @param learning   what is learned from, sorted by picture
/// @param validation positions in `learning` that the user set apart for choosing
/// @param evaluation what is evaluated on, sorted by picture
/// @param source     where the images to evaluate on come from
public record Partition(
        List<String> labels, List<Example> learning, int[] validation, List<Example> evaluation, Source source) {

    /// An image and its class.
    public record Example(String imageId, int label) {}

    /// Gives the class of each picture.
    public static int[] labels(List<Example> examples) {
        return examples.stream().mapToInt(Example::label).toArray();
    }

    /// Where the pictures for evaluation come from.
    public enum Source {
        /// The dataset's own test split.
        TEST_SPLIT,
        /// The dataset's validation split, as there is no test split; it serves for nothing else.
        VALIDATION_SPLIT,
        /// Drawn from a dataset that has neither.
        DRAWN
    }

    public Partition {
        labels = List.copyOf(labels);
        learning = List.copyOf(learning);
        evaluation = List.copyOf(evaluation);
    }

    /// Divides a dataset.
    ///
    /// @param manifest     the pictures, sorted
    /// @param seed         decides what is drawn
    /// @param testFraction share to draw of every class when the dataset has no split to evaluate on
    /// @throws ProblemException `DATASET_NOT_TRAINABLE` with what is missing
    public static Partition of(List<ManifestEntry> manifest, long seed, double testFraction) {
        Composition composition = Composition.of(manifest);
        composition.requireTrainable(testFraction);
        List<String> labels = composition.labels();
        Source source = composition.source();
        Set<String> drawn = source == Source.DRAWN ? drawn(manifest, labels, seed, testFraction) : Set.of();
        List<Example> learning = new ArrayList<>();
        List<Example> evaluation = new ArrayList<>();
        List<Integer> validation = new ArrayList<>();
        for (ManifestEntry entry : manifest) {
            Example example = new Example(entry.imageId(), Collections.binarySearch(labels, entry.label()));
            boolean evaluated = switch (source) {
                case TEST_SPLIT -> entry.split() == Split.TEST;
                case VALIDATION_SPLIT -> entry.split() == Split.VALIDATION;
                case DRAWN -> drawn.contains(entry.imageId());
            };
            if (evaluated) {
                evaluation.add(example);
            } else {
                if (entry.split() == Split.VALIDATION) {
                    validation.add(learning.size());
                }
                learning.add(example);
            }
        }
        return new Partition(
                labels,
                learning,
                validation.stream().mapToInt(Integer::intValue).toArray(),
                evaluation,
                source);
    }

    private static Set<String> drawn(
            List<ManifestEntry> manifest, List<String> labels, long seed, double testFraction) {
        List<String> identities = manifest.stream().map(ManifestEntry::imageId).toList();
        int[] classes = manifest.stream()
                .mapToInt(entry -> Collections.binarySearch(labels, entry.label()))
                .toArray();
        Set<String> drawn = new HashSet<>();
        for (List<Integer> rows : Folds.shuffledByClass(identities, classes, labels.size(), seed, "evaluation")) {
            long wanted = Composition.drawn(rows.size(), testFraction);
            rows.stream().limit(wanted).forEach(row -> drawn.add(identities.get(row)));
        }
        return drawn;
    }
}
