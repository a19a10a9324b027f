package dev.graft.trainer.dataset;

import static java.util.stream.Collectors.joining;

import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.Split;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.trainer.dataset.Partition.Source;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How many images each class of a dataset has in each split. It takes memory by classes, not by images, and tells
/// all the same whether the dataset can be trained on and how large a training is. Not safe for use by several
/// threads while entries are added.
public final class Composition {
    private static final int LEAST_TO_LEARN_FROM = 2;
    private static final int MOST_NAMED = 10;

    private final SortedMap<String, Counts> classes = new TreeMap<>();
    private final Map<Split, Long> splits = new EnumMap<>(Split.class);

    /// The images of one class: of them all, and of those that are in a split.
    private static final class Counts {
        private final Map<Split, Long> splits = new EnumMap<>(Split.class);
        private long images;

        private long in(Split split) {
            return splits.getOrDefault(split, 0L);
        }
    }

    /// Counts the entries of a manifest.
    static Composition of(List<ManifestEntry> manifest) {
        Composition composition = new Composition();
        manifest.forEach(composition::add);
        return composition;
    }

    /// Counts an entry of a manifest.
    void add(ManifestEntry entry) {
        Counts counts = classes.computeIfAbsent(entry.label(), _ -> new Counts());
        counts.images++;
        if (entry.split() != null) {
            counts.splits.merge(entry.split(), 1L, Long::sum);
            splits.merge(entry.split(), 1L, Long::sum);
        }
    }

    /// Gives the classes, sorted.
    public List<String> labels() {
        return List.copyOf(classes.keySet());
    }

    /// Says where the images to evaluate on come from.
    Source source() {
        if (splits.containsKey(Split.TEST)) {
            return Source.TEST_SPLIT;
        }
        return splits.containsKey(Split.VALIDATION) ? Source.VALIDATION_SPLIT : Source.DRAWN;
    }

    /// Says how many images are evaluated on.
    ///
    /// @param testFraction share to draw of every class when the dataset has no split to evaluate on
    public long evaluated(double testFraction) {
        return classes.values().stream()
                .mapToLong(counts -> evaluated(counts, testFraction))
                .sum();
    }

    /// Says how many images are learned from; see [#evaluated].
    public long learned(double testFraction) {
        return classes.values().stream().mapToLong(counts -> counts.images).sum() - evaluated(testFraction);
    }

    /// Says how many of a class's images to draw for the evaluation: one at least.
    static long drawn(long images, double testFraction) {
        return Math.min(images, Math.max(1, Math.round(images * testFraction)));
    }

    private long evaluated(Counts counts, double testFraction) {
        return switch (source()) {
            case TEST_SPLIT -> counts.in(Split.TEST);
            case VALIDATION_SPLIT -> counts.in(Split.VALIDATION);
            case DRAWN -> drawn(counts.images, testFraction);
        };
    }

    /// Checks that something can be learned from every class: images of the val split only say when to stop.
    ///
    /// @throws ProblemException `DATASET_NOT_TRAINABLE` with what is missing
    public void requireTrainable(double testFraction) {
        if (classes.isEmpty()) {
            throw untrainable("The dataset has no pictures.");
        }
        if (classes.size() < 2) {
            throw untrainable("The dataset has one class only, %s. A classifier needs pictures of at least two."
                    .formatted(classes.firstKey()));
        }
        List<String> absent = new ArrayList<>();
        List<String> poor = new ArrayList<>();
        classes.forEach((label, counts) -> {
            long learned = counts.images - evaluated(counts, testFraction);
            if (learned == (source() == Source.TEST_SPLIT ? counts.in(Split.VALIDATION) : 0)) {
                absent.add(label);
            } else if (learned < LEAST_TO_LEARN_FROM) {
                poor.add(label);
            }
        });
        if (absent.size() == classes.size() && !splits.isEmpty()) {
            throw untrainable(
                    "The dataset has %s, but no train split. Put pictures of every class into train, or import it without splits."
                            .formatted(describedSplits()));
        }
        if (!absent.isEmpty() && !splits.isEmpty()) {
            throw untrainable(
                    "The train split has no pictures of %s, but the dataset has %s. Put some of every class into train."
                            .formatted(named(absent), describedSplits()));
        }
        poor.addAll(absent);
        if (!poor.isEmpty()) {
            throw untrainable(
                    "At least %d pictures of every class are needed to learn from, besides those to evaluate on. %s %s too few."
                            .formatted(LEAST_TO_LEARN_FROM, named(poor), poor.size() == 1 ? "has" : "have"));
        }
    }

    /// Names classes for a person, the first ten and how many more.
    public static String named(List<String> labels) {
        String first = String.join(", ", labels.subList(0, Math.min(MOST_NAMED, labels.size())));
        return labels.size() <= MOST_NAMED ? first : "%s and %d more".formatted(first, labels.size() - MOST_NAMED);
    }

    /// Says which splits there are, such as "a val split (12 pictures) and a test split (12 pictures)".
    private String describedSplits() {
        return splits.entrySet().stream()
                .map(count ->
                        "a %s split (%,d pictures)".formatted(count.getKey().wireName(), count.getValue()))
                .collect(joining(" and "));
    }

    private static ProblemException untrainable(String detail) {
        return new ProblemException(ProblemType.DATASET_NOT_TRAINABLE, detail);
    }
}
