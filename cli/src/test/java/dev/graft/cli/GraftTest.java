package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Wrong use is refused before anything is started.
class GraftTest {
    @TempDir
    Path temporary;

    private final StringWriter errors = new StringWriter();

    @AfterEach
    void nothingWasStarted() {
        assertThat(temporary.resolve("data/stack.json")).doesNotExist();
    }

    @Test
    void explainsUnknownCommand() {
        assertThat(run("trani")).isEqualTo(2);
        assertThat(errors.toString()).contains("trani").contains("train");
    }

    @Test
    void asksForCommand() {
        assertThat(run()).isEqualTo(2);
        assertThat(errors.toString()).contains("Which command?");
    }

    @Test
    void explainsMissingArguments() {
        assertThat(run("predict", "sample")).isEqualTo(2);
        assertThat(errors.toString()).contains("FILE");
    }

    @Test
    void explainsNumberThatIsNone() {
        assertThat(run("train", "sample", "--epochs", "many")).isEqualTo(2);
        assertThat(errors.toString()).contains("--epochs").contains("many");
        assertThat(run("train", "sample", "--augment", "light", "--augment-variants", "several"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("--augment-variants").contains("several");
    }

    @Test
    void refusesSizesOfDatasetsThatItDoesNotMeasure() {
        assertThat(run("bench", "scale", "--images", "1000,100")).isEqualTo(2);
        assertThat(errors.toString()).contains("--images").contains("sizes ascend, and 100 comes after 1000");
        assertThat(run("bench", "scale", "--images", "2000000")).isEqualTo(2);
        assertThat(errors.toString()).contains("100 to 1,000,000 images, not 2,000,000");
        assertThat(run("bench", "scale", "--images", "few")).isEqualTo(2);
        assertThat(errors.toString()).contains("'few' is not a number of images");
    }

    @Test
    void refusesDrillsThatItDoesNotKnow() {
        assertThat(run("drill")).isEqualTo(2);
        assertThat(errors.toString()).contains("Which command?").contains("trainer");
        assertThat(run("drill", "trainer", "--kills", "0")).isEqualTo(2);
        assertThat(errors.toString()).contains("--kills").contains("1 to 1,000 kills, not '0'");
        assertThat(run("drill", "trainer", "--kills", "many")).isEqualTo(2);
        assertThat(errors.toString()).contains("1 to 1,000 kills, not 'many'");
        assertThat(run("drill", "trainer", "--seed", "any")).isEqualTo(2);
        assertThat(errors.toString()).contains("--seed").contains("any");
        String missing = temporary.resolve("missing").toString();
        assertThat(run("drill", "trainer", "--dataset", missing)).isEqualTo(1);
        assertThat(errors.toString()).contains("There is nothing at " + missing);
    }

    @Test
    void refusesAugmentationsThatItDoesNotKnow() {
        String sheet = temporary.resolve("sheet.png").toString();

        assertThat(run("augment", "sample", "--augment", "rotation=400", "--out", sheet))
                .isEqualTo(2);
        assertThat(errors.toString())
                .contains("--augment")
                .contains("\"rotation=400\"")
                .contains("0 to 180");
        assertThat(run("augment", "sample", "--augment", "blur=3", "--out", sheet))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("no \"blur\"").contains("The keys are rotation");
        assertThat(run("augment", "sample", "--out", sheet)).isEqualTo(2);
        assertThat(errors.toString()).contains("Missing required option: '--augment=SPEC'");
        assertThat(run("augment", "sample", "--augment", "light")).isEqualTo(2);
        assertThat(errors.toString()).contains("Missing required option: '--out=FILE.png'");
    }

    @Test
    void refusesSheetsThatAreTooLarge() {
        assertThat(run("augment", "sample", "--augment", "light", "--out", "sheet.png", "--images", "25"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("--images").contains("1 to 24 pictures, not '25'");
        assertThat(run("augment", "sample", "--augment", "light", "--out", "sheet.png", "--images", "few"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("1 to 24 pictures, not 'few'");
        assertThat(run("augment", "sample", "--augment", "light", "--out", "sheet.png", "--size", "31"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("--size").contains("32 to 256 pixels, not '31'");
    }

    @Test
    void refusesSheetsThatCannotBeWritten() {
        Path nowhere = temporary.resolve("nowhere/sheet.png");

        assertThat(run("augment", "sample", "--augment", "light", "--out", nowhere.toString()))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("There is no folder " + nowhere.getParent());
        assertThat(run("augment", "sample", "--augment", "light", "--out", temporary.toString()))
                .isEqualTo(1);
        assertThat(errors.toString()).contains(temporary + " is a folder.");
    }

    @Test
    void refusesImagesThatAreNotThere() {
        assertThat(run("predict", "sample", temporary.resolve("missing.png").toString()))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("There is no file").contains("missing.png");
    }

    @Test
    void refusesFolderAsImage() {
        assertThat(run("embed", temporary.toString())).isEqualTo(1);
        assertThat(errors.toString()).contains("is not a file");
    }

    @Test
    void refusesToImportNothing() throws Exception {
        Path empty = Files.createDirectory(temporary.resolve("empty"));

        assertThat(run("import", "sample", empty.toString())).isEqualTo(1);
        assertThat(errors.toString()).contains("holds no pictures").contains("LABEL/file");
    }

    @Test
    void namesFolderThatLeadsInACircle() throws Exception {
        Path images = Files.createDirectories(temporary.resolve("pictures/circle"));
        Files.createSymbolicLink(images.resolve("again"), images);

        assertThat(run("demo", "--dataset", temporary.resolve("pictures").toString()))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("circle/again cannot be read: its links lead in a circle");
    }

    @Test
    void namesFileOfTheDataDirectoryThatCannotBeOpened() throws Exception {
        Path lock = Files.createDirectories(temporary.resolve("data/starter.lock"));

        assertThat(run("models")).isEqualTo(1);
        assertThat(errors.toString())
                .contains("graft: " + lock.toRealPath() + ": Is a directory.")
                .contains("See to it");
    }

    @Test
    void refusesImpossiblePortBase() {
        assertThat(run("up", "--detach", "--port-base", "65535")).isEqualTo(1);
        assertThat(errors.toString()).contains("65535").contains("--port-base");
    }

    private int run(String... arguments) {
        String[] all = Stream.concat(
                        Stream.of("--data-dir", temporary.resolve("data").toString()), Arrays.stream(arguments))
                .toArray(String[]::new);
        CommandLine command = Graft.commandLine().setErr(new PrintWriter(errors));
        return command.execute(all);
    }
}
