package dev.graft.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.Split;
import dev.graft.problem.ProblemException;
import dev.graft.trainer.dataset.Partition.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionTest {
    @Test
    void evaluatesOnTheTestPartAndLearnsFromTheRest() {
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

        assertThat(partition.source()).isEqualTo(Source.TEST_PART);
        assertThat(partition.learning()).hasSize(12);
        assertThat(partition.validation()).hasSize(4);
        assertThat(partition.evaluation()).hasSize(6);
        assertApart(partition);
    }

    @Test
    void validationPartServesForNothingElseWhenThereIsNoTestPart() {
        Partition partition = Partition.of(
                dataset(
                        entries("a", 4, Split.TRAIN), entries("a", 2, Split.VALIDATION),
                        entries("b", 4, Split.TRAIN), entries("b", 2, Split.VALIDATION)),
                0,
                0.2);

        assertThat(partition.source()).isEqualTo(Source.VALIDATION_PART);
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
    void refusesAClassWithTooFewPicturesAndNamesIt() {
        assertThatThrownBy(() -> Partition.of(dataset(entries("many", 9, null), entries("few", 2, null)), 0, 0.2))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("few has too few");
    }

    @Test
    void refusesAClassThatIsOnlyInTheTestPart() {
        assertThatThrownBy(() -> Partition.of(
                        dataset(
                                entries("a", 9, Split.TRAIN),
                                entries("b", 9, Split.TRAIN),
                                entries("c", 9, Split.TEST)),
                        0,
                        0.2))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("c has too few");
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

    private record Part(String label, int count, @Nullable Split split) {}

    private static Part entries(String label, int count, @Nullable Split split) {
        return new Part(label, count, split);
    }

    private static List<ManifestEntry> dataset(Part... parts) {
        List<ManifestEntry> entries = new ArrayList<>();
        for (Part part : parts) {
            for (int i = 0; i < part.count(); i++) {
                entries.add(new ManifestEntry("%064x".formatted(entries.size()), part.label(), part.split()));
            }
        }
        return entries;
    }
}
