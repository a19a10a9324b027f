package dev.graft.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.Split;
import dev.graft.problem.ProblemException;
import dev.graft.trainer.dataset.Partition.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTest {
    @Test
    void evaluatesOnTheTestSplitAndLearnsFromTheRest() {
        Partition partition = Partition.of(
                dataset(
                        entries("a", 4, Split.TRAIN),
                        entries("a", 2, Split.VALIDATION),
                        entries("a", 3, Split.TEST),
                        entries("b", 4, Split.TRAIN),
                        entries("b", 2, Split.VALIDATION),
                        entries("b", 3, Split.TEST)),
                0,
                0.2);

        assertThat(partition.source()).isEqualTo(Source.TEST_SPLIT);
        assertThat(partition.learning()).hasSize(12);
        assertThat(partition.validation()).hasSize(4);
        assertThat(partition.evaluation()).hasSize(6);
        assertApart(partition);
    }

    @Test
    void validationSplitServesForNothingElseWhenThereIsNoTestSplit() {
        Partition partition = Partition.of(
                dataset(
                        entries("a", 4, Split.TRAIN), entries("a", 2, Split.VALIDATION),
                        entries("b", 4, Split.TRAIN), entries("b", 2, Split.VALIDATION)),
                0,
                0.2);

        assertThat(partition.source()).isEqualTo(Source.VALIDATION_SPLIT);
        assertThat(partition.validation()).isEmpty();
        assertThat(partition.evaluation()).hasSize(4);
        assertApart(partition);
    }

    @Test
    void drawsAShareOfEveryClassWhenThereIsNothingToEvaluateOn() {
        List<ManifestEntry> manifest = dataset(entries("a", 50, null), entries("b", 10, null), entries("c", 3, null));

        Partition partition = Partition.of(manifest, 3, 0.2);

        assertThat(partition.source()).isEqualTo(Source.DRAWN);
        assertThat(countOf(partition, 0)).isEqualTo(10);
        assertThat(countOf(partition, 1)).isEqualTo(2);
        assertThat(countOf(partition, 2)).isEqualTo(1);
        assertApart(partition);
        assertThat(Partition.of(manifest, 3, 0.2).evaluation()).isEqualTo(partition.evaluation());
        assertThat(Partition.of(manifest, 4, 0.2).evaluation()).isNotEqualTo(partition.evaluation());
    }

    @Test
    void labelsAreSorted() {
        Partition partition = Partition.of(dataset(entries("zebra", 9, null), entries("ant", 9, null)), 0, 0.2);

        assertThat(partition.labels()).containsExactly("ant", "zebra");
    }

    @Test
    void refusesOneClass() {
        assertThatThrownBy(() -> Partition.of(dataset(entries("only", 9, null)), 0, 0.2))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("one class only, only");
    }

    @Test
    void refusesAClassWithTooFewImagesAndNamesIt() {
        assertThatThrownBy(() -> Partition.of(dataset(entries("many", 9, null), entries("few", 2, null)), 0, 0.2))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("few has too few");
    }

    @Test
    void refusesAClassThatIsOnlyInTheTestSplit() {
        assertThatThrownBy(() -> Partition.of(
                        dataset(
                                entries("a", 9, Split.TRAIN),
                                entries("b", 9, Split.TRAIN),
                                entries("c", 9, Split.TEST)),
                        0,
                        0.2))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("train split has no pictures of c");
    }

    /// Which splits there are, and what is said when nothing can be learned from them.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "val, test         | a val split (12 pictures) and a test split (12 pictures), but no train split",
                "val               | a val split (12 pictures), but no train split",
                "test              | a test split (12 pictures), but no train split"
            })
    void refusesADatasetWithoutATrainSplitAndSaysWhichThereAre(String splits, String said) {
        List<ManifestEntry> manifest = dataset(ofSplits(splits));

        assertThatThrownBy(() -> Partition.of(manifest, 0, 0.2))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(422))
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "train, val",
                "train, test",
                "train, val, test",
                "none",
                "none, val",
                "none, test",
                "none, val, test"
            })
    void everyOtherCombinationOfSplitsLeavesSomethingOfEveryClassToLearnFromAndToEvaluateOn(String splits) {
        Partition partition = Partition.of(dataset(ofSplits(splits)), 0, 0.2);

        List<Integer> validation = Arrays.stream(partition.validation()).boxed().toList();
        assertThat(IntStream.range(0, partition.learning().size())
                        .filter(row -> !validation.contains(row))
                        .mapToObj(row -> partition.learning().get(row).label()))
                .contains(0, 1);
        assertThat(partition.evaluation()).extracting(Partition.Example::label).contains(0, 1);
        assertApart(partition);
    }

    /// What a run is admitted by, before anything but counts is in memory, is what it comes to.
    @ParameterizedTest
    @ValueSource(strings = {"train", "train, val", "train, test", "train, val, test", "none", "none, val, test"})
    void holdsAsManyImagesAsItsCompositionCounts(String splits) {
        List<ManifestEntry> manifest =
                dataset(Stream.concat(Arrays.stream(ofSplits(splits)), Stream.of(entries("c", 17, Split.TRAIN)))
                        .toArray(Entries[]::new));
        double fraction = 0.23;

        Composition composition = Composition.of(manifest);
        Partition partition = Partition.of(manifest, 7, fraction);

        assertThat(composition.labels()).isEqualTo(partition.labels());
        assertThat(composition.learned(fraction)).isEqualTo(partition.learning().size());
        assertThat(composition.evaluated(fraction))
                .isEqualTo(partition.evaluation().size());
    }

    @Test
    void refusesAClassThatIsInTheValidationSplitOnlyAsNothingWouldBeLearnedOfIt() {
        assertThatThrownBy(() -> Partition.of(
                        dataset(
                                entries("a", 9, Split.TRAIN),
                                entries("b", 9, Split.TRAIN),
                                entries("c", 9, Split.VALIDATION),
                                entries("a", 2, Split.TEST)),
                        0,
                        0.2))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("train split has no pictures of c");
    }

    private static Entries[] ofSplits(String splits) {
        return Arrays.stream(splits.split(", "))
                .map(name -> Arrays.stream(Split.values())
                        .filter(split -> split.wireName().equals(name))
                        .findFirst()
                        .orElse(null))
                .flatMap(split -> Stream.of(entries("a", 6, split), entries("b", 6, split)))
                .toArray(Entries[]::new);
    }

    private static void assertApart(Partition partition) {
        Set<String> learned = partition.learning().stream()
                .map(Partition.Example::imageId)
                .collect(Collectors.toCollection(HashSet::new));
        assertThat(partition.evaluation()).noneMatch(example -> learned.contains(example.imageId()));
    }

    private static long countOf(Partition partition, int label) {
        return partition.evaluation().stream()
                .filter(example -> example.label() == label)
                .count();
    }

    private record Entries(
            String label, int count, @Nullable Split split) {}

    private static Entries entries(String label, int count, @Nullable Split split) {
        return new Entries(label, count, split);
    }

    private static List<ManifestEntry> dataset(Entries... groups) {
        List<ManifestEntry> entries = new ArrayList<>();
        for (Entries group : groups) {
            for (int i = 0; i < group.count(); i++) {
                entries.add(new ManifestEntry("%064x".formatted(entries.size()), group.label(), group.split()));
            }
        }
        return entries;
    }
}
