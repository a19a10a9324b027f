package dev.graft.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Split;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {

    @Test
    void readsLabelsFromFolders() {
        assertThat(placements("ants/1.jpg", "bees/2.jpg")).containsExactly(in("ants"), in("bees"));
    }

    @Test
    void readsPartsAboveLabels() {
        assertThat(placements("train/ants/1.jpg", "val/bees/2.jpg", "validation/bees/3.jpg", "test/ants/4.jpg"))
                .containsExactly(
                        in("ants", Split.TRAIN),
                        in("bees", Split.VALIDATION),
                        in("bees", Split.VALIDATION),
                        in("ants", Split.TEST));
    }

    @Test
    void passesOverOneFolderThatWrapsEverything() {
        assertThat(placements("flowers/rose/1.jpg", "flowers/iris/2.jpg")).containsExactly(in("rose"), in("iris"));
        assertThat(placements("flowers/train/rose/1.jpg", "flowers/test/iris/2.jpg"))
                .containsExactly(in("rose", Split.TRAIN), in("iris", Split.TEST));
        assertThat(placements("./flowers/rose/1.jpg", "./flowers/rose/2.jpg")).containsExactly(in("rose"), in("rose"));
    }

    @Test
    void keepsTheOnlyClassOfAnArchive() {
        assertThat(placements("ants/1.jpg", "ants/2.jpg")).containsExactly(in("ants"), in("ants"));
    }

    @Test
    void takesTheOnlyPartOfAnArchiveForAPartAndNotForAWrapping() {
        assertThat(placements("train/ants/1.jpg", "train/bees/2.jpg"))
                .containsExactly(in("ants", Split.TRAIN), in("bees", Split.TRAIN));
    }

    @Test
    void letsAClassBeCalledLikeAPart() {
        assertThat(placements("train/1.jpg", "plane/2.jpg")).containsExactly(in("train"), in("plane"));
        assertThat(placements("test/train/1.jpg")).containsExactly(in("train", Split.TEST));
    }

    @Test
    void saysWhereFilesBelongThatLieTooHighOrTooDeep() {
        assertThat(placements("readme.txt", "all/ants/1.jpg", "all/ants/small/2.jpg", "all/x/y/z/3.jpg"))
                .satisfiesExactly(
                        high -> assertThat(high)
                                .isInstanceOfSatisfying(
                                        Placement.Misplaced.class,
                                        misplaced ->
                                                assertThat(misplaced.detail()).contains("LABEL/readme.txt")),
                        right -> assertThat(right).isEqualTo(in("ants")),
                        deep -> assertThat(deep).isInstanceOf(Placement.Misplaced.class),
                        deeper -> assertThat(deeper).isInstanceOf(Placement.Misplaced.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/ants/1.jpg", "../ants/1.jpg", "ants/../../1.jpg", "C:\\ants\\1.jpg", "\\ants\\1.jpg"})
    void refusesPathsThatLeaveTheArchive(String path) {
        assertThat(placements(path)).singleElement().isInstanceOf(Placement.Unsafe.class);
    }

    @Test
    void composesLettersSoThatAllSystemsGiveOneLabel() {
        assertThat(placements("bl\u00fcte/1.jpg", "blu\u0308te/2.jpg"))
                .containsExactly(in("bl\u00fcte"), in("bl\u00fcte"));
    }

    @Test
    void takesBothSlashes() {
        assertThat(placements("train\\ants\\1.jpg")).containsExactly(in("ants", Split.TRAIN));
    }

    private static List<Placement> placements(String... paths) {
        Layout.Survey survey = new Layout.Survey();
        Stream.of(paths).forEach(survey::see);
        Layout layout = survey.layout();
        return Stream.of(paths).map(layout::place).toList();
    }

    private static Placement in(String label) {
        return new Placement.Labelled(label, null);
    }

    private static Placement in(String label, Split split) {
        return new Placement.Labelled(label, split);
    }
}
