package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A network is described without a stack.
class SummaryTest {
    @TempDir
    Path temporary;

    private final StringWriter errors = new StringWriter();
    private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

    @AfterEach
    void nothingWasStarted() {
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void listsTheLayersAndTheirTotals() throws IOException {
        JsonNode summary = json("vgg16");

        assertThat(summary.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("name", "parameters", "trainable", "layers", "sizeBytes");
        assertThat(summary.path("name").asText()).isEqualTo("vgg16.tv_in1k");
        assertThat(summary.path("parameters").asLong()).isEqualTo(138_357_544);
        assertThat(summary.path("sizeBytes").asLong()).isEqualTo(4 * 138_357_544L);
        assertThat(summary.path("trainable").asLong()).isZero();
        JsonNode pool = layer(summary, "block5_pool");
        assertThat(pool.path("outputShape")).hasToString("[512,7,7]");
        assertThat(pool.path("type").asText()).isEqualTo("MaxPool");
        long sum = 0;
        for (JsonNode layer : summary.path("layers")) {
            sum += layer.path("parameters").asLong();
        }
        assertThat(sum).isEqualTo(138_357_544);
    }

    @Test
    void marksWhatIsTrained() throws IOException {
        JsonNode summary = json("vgg16", "--trainable", "block5,head.fc", "--input-size", "240");

        assertThat(summary.path("trainable").asLong()).isEqualTo(3 * (512 * 512 * 9 + 512) + 4096 * 1000 + 1000);
        assertThat(layer(summary, "features.24").path("trainable").asBoolean()).isTrue();
        assertThat(layer(summary, "features.21").path("trainable").asBoolean()).isFalse();
        assertThat(layer(summary, "block4_pool").path("outputShape")).hasToString("[512,15,15]");
    }

    @Test
    void printsATable() {
        String printed = run("tf_efficientnet_lite0.in1k", "--trainable", "conv_head");

        assertThat(printed)
                .contains("tf_efficientnet_lite0.in1k, pictures of 224 pixels")
                .containsPattern("conv_stem +Conv2d +32 x 112 x 112 +864\\R")
                .containsPattern("conv_head +Conv2d +1280 x 7 x 7 +409,600 +yes")
                .contains("Parameters: 4,652,008 (18.8 MB)")
                .contains("Trainable:  412,160");
    }

    @Test
    void describesTheArchitectureOfWeightsThatItDoesNotKnow() throws IOException {
        assertThat(json("resnet18.tv_in1k").path("parameters").asLong()).isEqualTo(11_689_512);
        assertThat(json("resnet18").path("parameters").asLong()).isEqualTo(11_689_512);
        assertThat(remarks.toString(StandardCharsets.UTF_8)).isEmpty();

        assertThat(json("resnet18.mine").path("parameters").asLong()).isEqualTo(11_689_512);
        assertThat(remarks.toString(StandardCharsets.UTF_8))
                .contains("The catalogue has no weight set resnet18.mine")
                .contains("every resnet18");
    }

    @Test
    void explainsWhatItDoesNotKnow() {
        assertThat(run("alexnet")).isEmpty();
        assertThat(errors.toString()).contains("alexnet").contains("resnet50").contains("./graft backbones");
        assertThat(run("vgg16", "--trainable", "block9")).isEmpty();
        assertThat(errors.toString()).contains("block9").contains("block5");
        assertThat(run("vgg16", "--input-size", "8")).isEmpty();
        assertThat(errors.toString()).contains("8 pixels").contains("224");
        assertThat(run("vgg16", "--input-size", "2000000000")).isEmpty();
        assertThat(errors.toString()).contains("2000000000 pixels");
        assertThat(run("convnext_tiny", "--input-size", "2000000000")).isEmpty();
        assertThat(errors.toString()).contains("convnext_tiny does not take pictures of 2000000000 pixels");
    }

    private static JsonNode layer(JsonNode summary, String name) {
        for (JsonNode layer : summary.path("layers")) {
            if (layer.path("name").asText().equals(name)) {
                return layer;
            }
        }
        throw new AssertionError("no layer " + name);
    }

    private JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return new ObjectMapper().readTree(run(all.toArray(String[]::new)));
    }

    private String run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--data-dir", temporary.toString(), "summary"));
        all.addAll(List.of(arguments));
        PrintStream standard = System.out;
        PrintStream standardErrors = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(remarks, true, StandardCharsets.UTF_8));
        try {
            int unused = Graft.commandLine().setErr(new PrintWriter(errors)).execute(all.toArray(String[]::new));
        } finally {
            System.setOut(standard);
            System.setErr(standardErrors);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
