package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.GraftProgram.Outcome;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Runs each command on the real stack and checks its JSON to the field.
@ExtendWith(SharedStack.class)
class CommandsIT {
    private static final List<String> CLASSES = List.of("flag", "food", "transport");

    @TempDir
    static Path temporary;

    private static GraftProgram graft;
    private static Path images;
    private static Path corrupt;
    private static Outcome importing;
    private static JsonNode imported;
    private static JsonNode trained;

    @BeforeAll
    static void importAndTrain(GraftProgram shared) throws IOException {
        graft = shared;
        images = Files.createDirectory(temporary.resolve("small set"));
        for (String label : CLASSES) {
            SampleImages.copy(images, "train", label, 12);
            SampleImages.copy(images, "test", label, 4);
        }
        corrupt = Files.writeString(images.resolve("train/food/corrupt.png"), "this is no picture");
        importing = graft.run("import", "small", images, "--json");
        imported = importing.document();
        trained = graft.run("train", "small", "--json").json();
    }

    @Test
    void importNamesWhatItRejected() {
        assertThat(fields(imported))
                .containsExactly("dataset", "images", "accepted", "duplicates", "rejected", "classes", "seconds");
        assertThat(imported.path("images").asInt()).isEqualTo(49);
        assertThat(imported.path("accepted").asInt()).isEqualTo(48);
        assertThat(imported.at("/classes/food").asInt()).isEqualTo(16);
        assertThat(imported.path("rejected")).hasSize(1);
        assertThat(fields(imported.at("/rejected/0"))).containsExactly("file", "type", "detail");
        assertThat(imported.at("/rejected/0/file").asText()).isEqualTo("train/food/corrupt.png");
        assertThat(importing.status()).isEqualTo(3);
        assertThat(importing.errors()).contains("1 of 49 files were not imported: 1 image-format-unsupported");
    }

    @Test
    void importNamesLinksThatLeadToNothing() throws IOException {
        Path annex = temporary.resolve("annex");
        SampleImages.copyTo(annex.resolve("flag"), "train", "flag", 2);
        for (int i = 0; i < 30; i++) {
            Files.createSymbolicLink(annex.resolve("flag/link" + i + ".png"), Path.of("../.git/annex/objects/" + i));
        }

        Outcome outcome = graft.run("import", "annex", annex, "--json");

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.document().path("accepted").asInt()).isEqualTo(2);
        assertThat(outcome.document().path("rejected")).hasSize(30);
        assertThat(outcome.errors())
                .contains("30 \u00d7 image-absent, first flag/link0.png: It is a link of git-annex")
                .contains("git annex get");
    }

    @Test
    void importSaysWhyNothingCouldBeUsed() throws IOException {
        Path useless = temporary.resolve("useless");
        Files.createDirectories(useless.resolve("a/b/c/d"));
        for (int i = 0; i < 25; i++) {
            Files.writeString(Files.createDirectories(useless.resolve("a")).resolve(i + ".png"), "text");
        }

        Outcome outcome = graft.run("import", "useless", useless, "--json");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.document().path("rejected")).hasSize(25);
        assertThat(outcome.errors())
                .contains("25 \u00d7 image-format-unsupported, first a/0.png")
                .contains("Save these files as JPEG")
                .doesNotContain("./graft help");
    }

    @Test
    void importLosesNothingByTextsBesideTheImages() throws IOException {
        Path kaggle = temporary.resolve("kaggle");
        SampleImages.copyTo(kaggle.resolve("Training/flag"), "train", "flag", 2);
        SampleImages.copyTo(kaggle.resolve("Testing/flag"), "test", "flag", 2);
        Files.copy(
                SampleImages.files(kaggle.resolve("Training/flag")).getFirst(),
                kaggle.resolve("Testing/flag/leak.png"));
        Files.writeString(kaggle.resolve("README.md"), "text");

        Outcome outcome = graft.run("import", "kaggle", kaggle, "--json");

        assertThat(outcome.status()).as(outcome.errors()).isZero();
        assertThat(outcome.document().path("rejected")).hasSize(1);
        assertThat(outcome.document().at("/leaks/0/keptFile").asText()).isEqualTo("Testing/flag/leak.png");
        assertThat(outcome.errors()).contains("leak  ").contains("it counts in test only");
    }

    @Test
    void importWarnsOfADatasetThatCannotBeLearnedFrom() throws IOException {
        Path untrained = temporary.resolve("untrained");
        SampleImages.copyTo(untrained.resolve("val/flag"), "train", "flag", 2);

        assertThat(graft.run("import", "untrained", untrained).errors())
                .contains("all pictures of untrained are in val, and none is in train");
    }

    @Test
    void importDoublesNothing() {
        JsonNode again = graft.run("import", "small", images, "--json").document();

        assertThat(again.path("accepted").asInt()).isZero();
        assertThat(again.path("duplicates").asInt()).isEqualTo(48);
        assertThat(again.path("classes")).isEqualTo(imported.path("classes"));
    }

    @Test
    void trainTellsWhatCameOfIt() {
        assertThat(fields(trained))
                .containsExactly(
                        "run",
                        "model",
                        "version",
                        "state",
                        "testAccuracy",
                        "top5Accuracy",
                        "labels",
                        "confusionMatrix",
                        "epochs",
                        "digest",
                        "report",
                        "embeddings",
                        "seconds");
        assertThat(trained.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(trained.path("testAccuracy").asDouble()).isGreaterThan(0.6);
        assertThat(trained.path("labels")).hasSize(3);
        assertThat(trained.path("confusionMatrix")).hasSize(3);
        assertThat(fields(trained.path("embeddings"))).containsExactly("total", "cached", "computed");
        assertThat(trained.at("/embeddings/total").asInt()).isEqualTo(48);
        assertThat(fields(trained.path("seconds"))).containsExactly("embedding", "training", "total");
        assertThat(Path.of(trained.path("report").asText())).content().contains("<html");
    }

    @Test
    void predictAnswersInTheOrderOfTheFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String label : CLASSES.reversed()) {
            files.addAll(SampleImages.files(images.resolve("test").resolve(label)));
        }

        JsonNode answers = graft.run(
                        Stream.concat(Stream.of("predict", "small", "--top", "2", "--json"), files.stream())
                                .toArray())
                .json();

        assertThat(answers).hasSize(12);
        assertThat(answers.findValuesAsText("file"))
                .containsExactlyElementsOf(files.stream().map(Path::toString).toList());
        assertThat(answers).allSatisfy(answer -> {
            assertThat(fields(answer)).containsExactly("file", "model", "version", "predictions");
            assertThat(answer.path("predictions")).hasSize(2);
            assertThat(fields(answer.at("/predictions/0"))).containsExactly("label", "probability");
        });
    }

    @Test
    void predictNamesFileThatIsNoImage() throws IOException {
        Path image = SampleImages.files(images.resolve("test/food")).getFirst();

        Outcome outcome = graft.run("predict", "small", corrupt, image, "--json");

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.errors()).contains(corrupt.toString()).contains("1 of 2 files");
        assertThat(outcome.output()).contains(image.toString()).doesNotContain("corrupt.png");
    }

    @Test
    void embedGivesVectors() throws IOException {
        List<Path> files = SampleImages.files(images.resolve("test/flag"));

        JsonNode embedded =
                graft.run("embed", files.getFirst(), files.getLast(), "--json").json();

        assertThat(embedded.findValuesAsText("file"))
                .containsExactly(files.getFirst().toString(), files.getLast().toString());
        assertThat(embedded).allSatisfy(one -> {
            assertThat(fields(one)).containsExactly("file", "backbone", "layer", "dimension", "vector");
            assertThat(one.path("dimension").asInt()).isEqualTo(1280);
            assertThat(one.path("vector")).hasSize(1280);
        });
    }

    @Test
    void embedNamesFileThatIsNoImage() {
        Outcome outcome = graft.run("embed", corrupt, "--json");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors()).contains(corrupt.toString());
    }

    @Test
    void embedGoesOnWithTheOtherFiles() throws IOException {
        Path image = SampleImages.files(images.resolve("test/food")).getFirst();

        Outcome outcome = graft.run("embed", corrupt, image, "--json");

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.errors()).contains(corrupt.toString()).contains("1 of 2 files could not be embedded");
        assertThat(outcome.document().findValuesAsText("file")).containsExactly(image.toString());
    }

    @Test
    void embedDoesNotBlameTheImageForWhatWasAskedFor() throws IOException {
        Path image = SampleImages.files(images.resolve("test/flag")).getFirst();

        Outcome outcome = graft.run("embed", image, "--layer", "no_such_layer");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors()).contains("no_such_layer").doesNotContain(image.toString());
    }

    @Test
    void augmentDrawsAnOriginalAndItsVariantsInEachRow() throws IOException {
        Path file = temporary.resolve("sheet.png");
        Object[] command = {
            "augment", "small", "--augment", "light", "--images", "3", "--size", "40", "--out", file, "--json"
        };

        JsonNode drawn = graft.run(command).json();

        assertThat(fields(drawn))
                .containsExactly("dataset", "augment", "seed", "images", "variants", "sizePixels", "out");
        assertThat(drawn.path("augment").asText()).startsWith("rotation=10,").endsWith(",fill=nearest");
        assertThat(drawn.path("images").asInt()).isEqualTo(3);
        assertThat(drawn.path("variants").asInt()).isEqualTo(6);
        assertThat(drawn.path("out").asText()).isEqualTo(file.toString());
        byte[] sheet = Files.readAllBytes(file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(8 + 40 + 16 + 6 * 40 + 5 * 4 + 8);
        assertThat(image.getHeight()).isEqualTo(8 + 3 * 40 + 2 * 4 + 8);
        graft.run(command).json();
        assertThat(file).hasBinaryContent(sheet);
    }

    @Test
    void augmentSaysWhatCannotBeDrawn() throws IOException {
        Path file = temporary.resolve("no sheet.png");
        Path useless = Files.createDirectories(temporary.resolve("nothing drawn/a"));
        Files.writeString(useless.resolve("text.png"), "text");
        graft.run("import", "nothing-drawn", useless.getParent());

        Outcome unknown = graft.run("augment", "nothing", "--augment", "light", "--out", file);
        Outcome empty = graft.run("augment", "nothing-drawn", "--augment", "light", "--out", file);

        assertThat(List.of(unknown.status(), empty.status())).containsOnly(1);
        assertThat(unknown.errors()).contains("nothing").contains("./graft import");
        assertThat(empty.errors()).contains("nothing-drawn has no pictures").contains("./graft import");
        assertThat(file).doesNotExist();
    }

    @Test
    void listsModelsRunsAndBackbones() {
        assertThat(graft.run("models", "--json").json().findValuesAsText("name"))
                .contains("small");
        assertThat(graft.run("runs", "--json").json().findValuesAsText("id"))
                .contains(trained.path("run").asText());
        assertThat(graft.run("backbones", "--json").json().findValuesAsText("name"))
                .contains("tf_efficientnet_lite0.in1k");
    }

    @Test
    void aFineTunedModelIsABackbone() throws IOException {
        Path image = SampleImages.files(images.resolve("test/flag")).getFirst();
        assertThat(graft.run(
                                "train",
                                "small",
                                "--model",
                                "tuned",
                                "--fine-tune",
                                "conv_head",
                                "--joint",
                                "--mixed-precision",
                                "--epochs",
                                "1",
                                "--json")
                        .json()
                        .at("/fineTuned/epochs")
                        .asInt())
                .isOne();

        JsonNode grafted = graft.run("train", "small", "--model", "grafted", "--backbone", "tuned@1", "--json")
                .json();
        JsonNode again = graft.run("train", "small", "--model", "grafted", "--backbone", "tuned@1", "--json")
                .json();

        assertThat(grafted.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(grafted.at("/embeddings/computed").asInt()).isEqualTo(48);
        assertThat(again.at("/embeddings/cached").asInt()).isEqualTo(48);
        assertThat(again.path("digest")).isEqualTo(grafted.path("digest"));
        assertThat(graft.run("predict", "grafted", image, "--json").json().at("/0/model"))
                .hasToString("\"grafted\"");
        assertThat(graft.run("embed", image, "--backbone", "tuned@1", "--json")
                        .json()
                        .at("/0/backbone"))
                .hasToString("\"tuned@1\"");
        JsonNode summary = graft.run("summary", "tuned@1", "--json").json();
        assertThat(summary.path("name").asText()).isEqualTo("tuned@1");
        assertThat(summary.path("parameters").asLong()).isEqualTo(4_652_008);
    }

    @Test
    void saysWhatOfAModelIsABackbone() throws IOException {
        Path image = SampleImages.files(images.resolve("test/flag")).getFirst();

        Outcome alone = graft.run("train", "small", "--backbone", "small");
        Outcome untuned = graft.run("train", "small", "--backbone", "small@1");
        Outcome unknown = graft.run("summary", "small@99");
        Outcome embedding = graft.run("embed", image, "--backbone", "small@1");

        assertThat(List.of(alone.status(), untuned.status(), unknown.status(), embedding.status()))
                .containsOnly(1);
        assertThat(alone.errors()).contains("NAME@VERSION");
        assertThat(untuned.errors()).contains("was not fine-tuned: its backbone is tf_efficientnet_lite0.in1k");
        assertThat(unknown.errors()).contains("There is no version 99 of a model small");
        assertThat(embedding.errors()).contains("was not fine-tuned").doesNotContain(image.toString());
    }

    @Test
    void reportFetchesThePage() {
        JsonNode report =
                graft.run("report", trained.path("run").asText(), "--json").json();

        assertThat(Path.of(report.path("report").asText())).content().contains("<html");
    }

    @Test
    void promotePutsVersionIntoProduction() {
        Outcome outcome = graft.run("promote", "small", trained.path("version").asText());

        assertThat(outcome.status()).as(outcome.errors()).isZero();
        assertThat(graft.run("promote", "small", "99").errors()).contains("99").contains("./graft models");
    }

    @Test
    void demoDoublesNothingWhenDoneAgain() {
        Outcome demo = graft.run("demo", "--dataset", images, "--json");
        JsonNode first = demo.json();
        int runs = graft.run("runs", "--json").json().size();
        JsonNode second = graft.run("demo", "--dataset", images, "--json").json();

        assertThat(demo.errors()).contains("rejected    train/food/corrupt.png");
        assertThat(fields(first))
                .containsExactly(
                        "dataset", "images", "classes", "backbone", "testAccuracy", "report", "predictions", "seconds");
        assertThat(first.path("dataset").asText()).isEqualTo("small-set");
        assertThat(first.path("images").asInt()).isEqualTo(48);
        assertThat(first.path("backbone").asText()).isEqualTo("tf_efficientnet_lite0.in1k");
        assertThat(first.path("predictions")).hasSize(3);
        assertThat(second.path("images").asInt()).isEqualTo(48);
        assertThat(second.path("predictions")).isEqualTo(first.path("predictions"));
        assertThat(graft.run("runs", "--json").json()).hasSize(runs);
    }

    @Test
    void demoAsksAboutImagesThatItHeldOutWhenTheFolderHasNoSplits() throws IOException {
        Path flat = temporary.resolve("flat");
        for (String label : CLASSES) {
            SampleImages.copyTo(flat.resolve(label), "train", label, 10);
        }

        JsonNode demo = graft.run("demo", "--dataset", flat, "--json").json();

        assertThat(demo.path("predictions")).hasSize(CLASSES.size());
        assertThat(demo.path("predictions").findValuesAsText("file"))
                .allMatch(file -> file.startsWith(flat.toString()));
    }

    @Test
    void refusesWhatCannotBeTrained() throws IOException {
        Path lonely = temporary.resolve("lonely");
        SampleImages.copyTo(lonely.resolve("flag"), "train", "flag", 12);
        graft.run("import", "lonely", lonely).status();

        Outcome unknown = graft.run("train", "nothing");
        Outcome oneClass = graft.run("train", "lonely");
        Outcome badHead = graft.run("train", "small", "--head", "forest");

        assertThat(List.of(unknown.status(), oneClass.status(), badHead.status()))
                .containsOnly(1);
        assertThat(unknown.errors()).contains("nothing").contains("./graft import");
        assertThat(oneClass.errors()).contains("class").contains("./graft import");
        assertThat(badHead.errors()).contains("forest");
    }

    @Test
    void refusesOtherPortsForStackThatRuns() {
        Outcome outcome = graft.runOnPorts(graft.portBase() + 100, "models");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.errors()).contains("runs on port base " + graft.portBase());
        assertThat(graft.runOnPorts(graft.portBase() + 100, "up").status()).isEqualTo(1);
        assertThat(graft.run("status", "--json").json().path("running").asBoolean())
                .isTrue();
    }

    @Test
    void statusNamesEveryPart() {
        JsonNode status = graft.run("status", "--json").json();

        assertThat(status.path("running").asBoolean()).isTrue();
        assertThat(status.path("parts").findValuesAsText("name"))
                .containsExactly("database", "broker", "objects", "ingest", "feature", "trainer", "predict");
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
