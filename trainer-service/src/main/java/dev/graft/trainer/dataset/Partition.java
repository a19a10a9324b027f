package dev.graft.trainer.dataset;

import static java.util.stream.Collectors.joining;

import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.Split;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.trainer.head.Folds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A dataset divided into what is learned from and what is evaluated on. No picture is in both.
///
/// @param labels     the classes, sorted; a class is its position
/// @param learning   what is learned from, sorted by picture
/// @param validation positions in `learning` that the user set apart for choosing
/// @param evaluation what is evaluated on, sorted by picture
/// @param source     where the evaluation part comes from
public record Partition(
        List<String> labels, List<Example> learning, int[] validation, List<Example> evaluation, Source source) {

    private static final int LEAST_TO_LEARN_FROM = 2;
    private static final int MOST_NAMED = 10;

    /// A picture and its class.
    public record Example(String imageId, int label) {}

    /// Gives the class of each picture.
    public static int[] labels(List<Example> examples) {
        return examples.stream().mapToInt(Example::label).toArray();
    }

    /// Where the pictures for evaluation come from.
    public enum Source {
        /// The dataset's own test part.
        TEST_PART,
        /// The dataset's validation part, as there is no test part; it serves for nothing else.
        VALIDATION_PART,
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
    /// @param testFraction share to draw of every class when the dataset has no part to evaluate on
    /// @throws ProblemException `DATASET_NOT_TRAINABLE` with what is missing
    public static Partition of(List<ManifestEntry> manifest, long seed, double testFraction) {
        List<String> labels =
                manifest.stream().map(ManifestEntry::label).distinct().sorted().toList();
        if (labels.size() < 2) {
            throw untrainable(
                    labels.isEmpty()
                            ? "The dataset has no pictures."
                            : "The dataset has one class only, %s. A classifier needs pictures of at least two."
                                    .formatted(labels.getFirst()));
        }
        Source source = source(manifest);
        Set<String> drawn = source == Source.DRAWN ? drawn(manifest, labels, seed, testFraction) : Set.of();
        List<Example> learning = new ArrayList<>();
        List<Example> evaluation = new ArrayList<>();
        List<Integer> validation = new ArrayList<>();
        for (ManifestEntry entry : manifest) {
            Example example = new Example(entry.imageId(), Collections.binarySearch(labels, entry.label()));
            boolean evaluated = switch (source) {
                case TEST_PART -> entry.split() == Split.TEST;
                case VALIDATION_PART -> entry.split() == Split.VALIDATION;
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
        requireEnough(manifest, labels, learning, validation, evaluation);
        return new Partition(
                labels,
                learning,
                validation.stream().mapToInt(Integer::intValue).toArray(),
                evaluation,
                source);
    }

    private static Source source(List<ManifestEntry> manifest) {
        if (manifest.stream().anyMatch(entry -> entry.split() == Split.TEST)) {
            return Source.TEST_PART;
        }
        return manifest.stream().anyMatch(entry -> entry.split() == Split.VALIDATION)
                ? Source.VALIDATION_PART
                : Source.DRAWN;
    }

    private static Set<String> drawn(
            List<ManifestEntry> manifest, List<String> labels, long seed, double testFraction) {
        List<String> identities = manifest.stream().map(ManifestEntry::imageId).toList();
        int[] classes = manifest.stream()
                .mapToInt(entry -> Collections.binarySearch(labels, entry.label()))
                .toArray();
        Set<String> drawn = new HashSet<>();
        for (List<Integer> rows : Folds.shuffledByClass(identities, classes, labels.size(), seed, "evaluation")) {
            long wanted = Math.max(1, Math.round(rows.size() * testFraction));
            rows.stream().limit(wanted).forEach(row -> drawn.add(identities.get(row)));
        }
        return drawn;
    }

    /// Something must be learned from every class: pictures of the val split only say when to stop.
    private static void requireEnough(
            List<ManifestEntry> manifest,
            List<String> labels,
            List<Example> learning,
            List<Integer> validation,
            List<Example> evaluation) {
        if (learning.size() == validation.size()) {
            throw untrainable(
                    "The dataset has %s, but no train split. Put pictures of every class into train, or import it without splits."
                            .formatted(splits(manifest)));
        }
        int[] learned = new int[labels.size()];
        int[] chosenBy = new int[labels.size()];
        learning.forEach(example -> learned[example.label()]++);
        validation.forEach(row -> chosenBy[learning.get(row).label()]++);
        List<String> absent = new ArrayList<>();
        List<String> poor = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            if (learned[label] == chosenBy[label]) {
                absent.add(labels.get(label));
            } else if (learned[label] < LEAST_TO_LEARN_FROM) {
                poor.add(labels.get(label));
            }
        }
        if (!absent.isEmpty() && manifest.stream().anyMatch(entry -> entry.split() != null)) {
            throw untrainable(
                    "The train split has no pictures of %s, but the dataset has %s. Put some of every class into train."
                            .formatted(named(absent), splits(manifest)));
        }
        poor.addAll(absent);
        if (!poor.isEmpty()) {
            throw untrainable(
                    "At least %d pictures of every class are needed to learn from, besides those to evaluate on. %s %s too few."
                            .formatted(LEAST_TO_LEARN_FROM, named(poor), poor.size() == 1 ? "has" : "have"));
        }
        if (evaluation.isEmpty()) {
            throw untrainable("No pictures are left to evaluate on.");
        }
    }

    private static String named(List<String> labels) {
        String first = String.join(", ", labels.subList(0, Math.min(MOST_NAMED, labels.size())));
        return labels.size() <= MOST_NAMED ? first : "%s and %d more".formatted(first, labels.size() - MOST_NAMED);
    }

    /// Says which splits there are, such as "a val split (12 pictures) and a test split (12 pictures)".
    private static String splits(List<ManifestEntry> manifest) {
        Map<Split, Long> counts = new EnumMap<>(Split.class);
        manifest.stream()
                .map(ManifestEntry::split)
                .filter(Objects::nonNull)
                .forEach(split -> counts.merge(split, 1L, Long::sum));
        return counts.entrySet().stream()
                .map(count ->
                        "a %s split (%,d pictures)".formatted(count.getKey().wireName(), count.getValue()))
                .collect(joining(" and "));
    }

    private static ProblemException untrainable(String detail) {
        return new ProblemException(ProblemType.DATASET_NOT_TRAINABLE, detail);
    }
}
