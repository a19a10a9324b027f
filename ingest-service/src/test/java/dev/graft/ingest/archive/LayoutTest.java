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
    void readsSplitsAboveLabels() {
        assertThat(placements("train/ants/1.jpg", "val/bees/2.jpg", "validation/bees/3.jpg", "test/ants/4.jpg"))
                .containsExactly(
                        in("ants", Split.TRAIN),
                        in("bees", Split.VALIDATION),
                        in("bees", Split.VALIDATION),
                        in("ants", Split.TEST));
    }

    @Test
    void knowsTheNamesThatOthersGiveToSplits() {
        assertThat(placements(
                        "Training/ants/1.jpg",
                        "valid/ants/2.jpg",
                        "VALIDATION/ants/3.jpg",
                        "Val/ants/4.jpg",
                        "Testing/ants/5.jpg",
                        "TEST/ants/6.jpg",
                        "Train/ants/7.jpg"))
                .containsExactly(
                        in("ants", Split.TRAIN),
                        in("ants", Split.VALIDATION),
                        in("ants", Split.VALIDATION),
                        in("ants", Split.VALIDATION),
                        in("ants", Split.TEST),
                        in("ants", Split.TEST),
                        in("ants", Split.TRAIN));
    }

    @Test
    void findsTheDatasetBelowFoldersAndBesideOtherFiles() {
        assertThat(placements(
                        "food-101/README.txt",
                        "food-101/meta/classes.txt",
                        "food-101/images/pie/1.jpg",
                        "food-101/images/waffles/2.jpg"))
                .satisfiesExactly(
                        readme -> assertThat(readme)
                                .isInstanceOfSatisfying(
                                        Placement.Misplaced.class,
                                        misplaced -> assertThat(misplaced.detail())
                                                .contains("outside the folder food-101/images")),
                        meta -> assertThat(meta).isInstanceOf(Placement.Misplaced.class),
                        pie -> assertThat(pie).isEqualTo(in("pie")),
                        waffles -> assertThat(waffles).isEqualTo(in("waffles")));
        assertThat(placements("a/b/c/train/ants/1.jpg", "a/b/c/val/ants/2.jpg"))
                .containsExactly(in("ants", Split.TRAIN), in("ants", Split.VALIDATION));
    }

    @Test
    void namesTheFolderToImportWhenItIsNotTheOnlyOne() {
        assertThat(placements("cats/siamese/1.jpg", "cats/persian/2.jpg", "dogs/pug/3.jpg"))
                .allSatisfy(placement -> assertThat(placement)
                        .isInstanceOfSatisfying(
                                Placement.Misplaced.class,
                                misplaced -> assertThat(misplaced.detail()).contains("import the folder cats")));
    }

    @Test
    void refusesClassesWhoseNamesAreInNoKnownEncoding() {
        EntryName cat = EntryName.undeclaredOfZip(new byte[] {(byte) 0xC3, (byte) 0xA8, '/', '1'}); // GBK, and UTF-8
        EntryName dog = EntryName.undeclaredOfZip(new byte[] {(byte) 0xB9, (byte) 0xB7, '/', '1'}); // GBK
        EntryName ants = EntryName.undeclaredOfZip(new byte[] {'a', 'n', 't', 's', '/', (byte) 0xB9});
        LayoutSurvey survey = new LayoutSurvey();
        Stream.of(cat, dog, ants).forEach(survey::see);

        assertThat(Stream.of(cat, dog).map(survey.layout()::place)).allMatch(Placement.Unnamed.class::isInstance);
        assertThat(survey.layout().place(ants)).isEqualTo(in("ants"));
        assertThat(dog.text()).isEqualTo("\uFFFDB9\uFFFDB7/1");
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
    void takesTheOnlySplitOfAnArchiveForASplitAndNotForAWrapping() {
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
        List<EntryName> names = Stream.of(paths).map(EntryName::certain).toList();
        LayoutSurvey survey = new LayoutSurvey();
        names.forEach(survey::see);
        Layout layout = survey.layout();
        return names.stream().map(layout::place).toList();
    }

    private static Placement in(String label) {
        return new Placement.Labelled(label, null);
    }

    private static Placement in(String label, Split split) {
        return new Placement.Labelled(label, split);
    }
}
