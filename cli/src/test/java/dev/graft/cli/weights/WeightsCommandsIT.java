package dev.graft.cli.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.GraftProgram;
import dev.graft.cli.GraftProgram.Outcome;
import dev.graft.cli.SampleImages;
import dev.graft.cli.SharedStack;
import dev.graft.cli.hub.Hub;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.weights.BundledWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Pulls and imports weights and uses them, on the real stack.
@ExtendWith(SharedStack.class)
class WeightsCommandsIT {
    @TempDir
    static Path temporary;

    private static GraftProgram graft;
    private static Path image;
    private static Path corrupt;

    @BeforeAll
    static void importImages(GraftProgram shared) throws IOException {
        graft = shared;
        Path images = Files.createDirectory(temporary.resolve("pictures"));
        for (String label : new String[] {"flag", "food"}) {
            SampleImages.copy(images, "train", label, 12);
            SampleImages.copy(images, "test", label, 4);
        }
        try (Stream<Path> flags = Files.list(images.resolve("test/flag"))) {
            image = flags.sorted().findFirst().orElseThrow();
        }
        corrupt = Files.writeString(temporary.resolve("corrupt.png"), "this is no picture");
        assertThat(graft.run("import", "weighed", images).status()).isZero();
    }

    @Test
    void weightsThatAreImportedServeAsAnyBackbone() throws IOException {
        JsonNode mine = graft.run("weights", "import", "efficientnet_lite0.mine", weightsFile(), "--json")
                .json();
        JsonNode embedded = graft.run(
                        "embed",
                        image,
                        "--backbone",
                        "efficientnet_lite0.mine",
                        "--layer",
                        "blocks.4:pooled",
                        "--input-size",
                        "96",
                        "--json")
                .json();
        JsonNode learned = graft.run(
                        "train", "weighed", "--model", "imported", "--backbone", "efficientnet_lite0", "--json")
                .json();
        Outcome answered = graft.run("predict", "imported", image);

        assertThat(mine.path("name").asText()).isEqualTo("efficientnet_lite0.mine");
        assertThat(mine.path("weights").asText()).isEqualTo("present");
        assertThat(embedded.at("/0/backbone").asText()).isEqualTo("efficientnet_lite0.mine");
        assertThat(embedded.at("/0/vector")).hasSize(112);
        assertThat(learned.path("testAccuracy").asDouble()).isGreaterThan(0.5);
        assertThat(answered.status()).as(answered.errors()).isZero();
        assertThat(graft.run("weights", "list", "--json").json().findValuesAsText("name"))
                .contains("tf_efficientnet_lite0.in1k", "efficientnet_lite0.mine");
        assertThat(graft.run("weights", "import", "efficientnet_lite0.mine", corrupt)
                        .errors())
                .contains("timm's tensor names");
        assertThat(graft.run("weights", "import", "efficientnet_lite0.mine", "nowhere")
                        .errors())
                .contains("There is no file");
    }

    @Test
    void weightsOfANameOrRecipeThatIsRefusedAreNotSent() throws IOException {
        for (Object[] arguments : new Object[][] {
            {"efficientnet_lite0.ours", weightsFile(), "--like", "alexnet.a"},
            {"alexnet.ours", weightsFile()},
            {"efficientnet_lite0", weightsFile()}
        }) {
            Outcome refused = graft.run(Stream.concat(Stream.of("weights", "import"), Stream.of(arguments))
                    .toArray());
            assertThat(refused.status()).as(refused.errors()).isEqualTo(1);
            assertThat(refused.errors()).contains("graft: ").doesNotContain("18.8 MB");
        }
    }

    @Test
    void weightsArePulledFromAHubThatCutsTheConnection() throws IOException {
        String name = "efficientnet_lite0.ra_in1k";
        try (Hub hub =
                new Hub("/timm/" + name + "/resolve/main/model.safetensors", Files.readAllBytes(weightsFile()))) {
            hub.cut(1, 1 << 20);
            Outcome pulled = graft.run("weights", "pull", name, "--hub", hub.address(), "--json");
            int requests = hub.ranges().size();

            assertThat(pulled.json().path("weights").asText()).isEqualTo("present");
            assertThat(hub.ranges().getLast()).startsWith("bytes=");
            assertThat(graft.run("weights", "pull", name, "--hub", hub.address())
                            .status())
                    .isZero();
            assertThat(hub.ranges()).hasSize(requests);
            Outcome missing = graft.run("weights", "pull", "resnet18", "--hub", hub.address());
            assertThat(missing.status()).isEqualTo(1);
            assertThat(missing.errors()).contains("there is no such file");
            hub.close();
            assertThat(graft.run("weights", "pull", "resnet18", "--hub", hub.address())
                            .errors())
                    .contains("cannot be reached")
                    .contains("mirror");
        }
        String digested = "mobilenetv2_100.ra_in1k";
        try (Hub hub = new Hub("/timm/" + digested + "/resolve/main/model.safetensors", new byte[] {1, 2, 3})) {
            assertThat(graft.run("weights", "pull", digested, "--hub", hub.address())
                            .errors())
                    .contains("SHA-256");
        }
        assertThat(graft.run("weights", "pull", "legacy_xception").errors()).contains("./graft weights import");
        assertThat(graft.run("embed", corrupt, "--backbone", "resnet18").errors())
                .contains("./graft weights pull");
    }

    private static Path weightsFile() throws IOException {
        Backbone bundled = Catalogue.standard().defaultBackbone();
        return new BundledWeights(temporary)
                .file(bundled.name(), bundled.sha256().orElseThrow());
    }

    @Test
    void predictImageNetAsksTheBackboneItself() throws IOException {
        JsonNode answers =
                graft.run("predict", "imagenet", image, "--top", "3", "--json").json();

        assertThat(answers.get(0).properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("file", "model", "version", "predictions");
        assertThat(answers.at("/0/model").asText()).isEqualTo("imagenet");
        assertThat(answers.at("/0/predictions")).hasSize(3);
        assertThat(graft.run("predict", "imagenet", image, "--backbone", "vgg16")
                        .errors())
                .contains("vgg16.tv_in1k")
                .contains("./graft weights pull");
        assertThat(graft.run("train", "weighed", "--model", "imagenet").errors())
                .contains("imagenet");
    }

    @Test
    void backbonesAreListedAsATable() {
        Outcome outcome = graft.run("backbones");

        assertThat(outcome.output())
                .containsPattern("vgg16.tv_in1k +553.4 MB +71.6 +90.4 +138,357,544 +16 +224 +downloadable")
                .containsPattern("tf_efficientnet_lite0.in1k +18.8 MB .* bundled");
    }
}
