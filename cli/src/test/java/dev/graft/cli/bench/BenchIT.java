package dev.graft.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.GraftProgram;
import dev.graft.cli.GraftProgram.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks are measured without a stack. The numbers depend on the machine; that there are some does not.
class BenchIT {
    private static final String NETWORK = "tf_efficientnet_lite0.in1k";

    @TempDir
    Path temporary;

    @AfterEach
    void nothingWasStarted() {
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void watchesTheMemoryOfEveryEngineAndPrecision() {
        JsonNode courses = graft().run("bench", "memory", NETWORK, "--passes", 8, "--input-size", 32, "--json")
                .json();

        assertThat(courses.findValuesAsText("engine")).containsExactly("onnxruntime", "onnxruntime", "pytorch");
        assertThat(courses.findValuesAsText("precision")).containsExactly("f32", "int8", "f32");
        for (JsonNode course : courses) {
            assertThat(course.path("backbone").asText()).isEqualTo(NETWORK);
            assertThat(course.path("inputSize").asInt()).isEqualTo(32);
            assertThat(course.path("passes").asInt()).isEqualTo(8);
            assertThat(course.path("residentBytes")).hasSize(5);
            assertThat(course.at("/residentBytes/0").asLong())
                    .isGreaterThan(course.path("weightsBytes").asLong() / 4);
            assertThat(course.path("growthBytesPerThousandPasses").isNumber()).isTrue();
        }
    }

    @Test
    void takesTheNextInputSizeThatANetworkAllowsAndLeavesOutEightBitsWhereTheyAreRefused() {
        Outcome measured =
                graft().run("bench", "memory", "vit_small_patch14_dinov2", "--passes", 4, "--input-size", 50);

        assertThat(measured.status()).as(measured.errors()).isZero();
        assertThat(measured.output())
                .containsPattern("vit_small_patch14_dinov2.lvd142m +56 +86\\.\\d MB +onnxruntime +f32 +\\d+\\.\\d MB")
                .containsPattern("vit_small_patch14_dinov2.lvd142m +56 +86\\.\\d MB +pytorch +f32 +\\d+\\.\\d MB")
                .contains("4 passes of 1 to 4 pictures on 2 threads")
                .doesNotContain("int8");
    }

    @Test
    void measuresTheSpeedOfEveryEngineAndPrecision() {
        JsonNode speeds = graft().run(
                        "bench", "backbones", "--backbone", NETWORK, "--batch-size", 1, "--millis", 1, "--json")
                .json();

        assertThat(speeds).hasSize(1);
        assertThat(speeds.at("/0/backbone").asText()).isEqualTo(NETWORK);
        assertThat(speeds.at("/0/speeds").findValuesAsText("precision")).contains("f32", "int8");
        for (JsonNode speed : speeds.at("/0/speeds")) {
            assertThat(speed.path("picturesPerSecond").asDouble()).isPositive();
        }
        assertThat(speeds.at("/0/work").findValuesAsText("kind"))
                .contains("depthwise convolutions", "1x1 convolutions");
    }

    @Test
    void explainsWhatItDoesNotKnow() {
        assertThat(graft().run("bench").errors()).contains("Which command?").contains("memory");
        assertThat(graft().run("bench", "backbones", "--backbone", "alexnet").errors())
                .contains("There is no backbone alexnet");
        assertThat(graft().run("bench", "memory", "resnet18", "--passes", 3).errors())
                .contains("3 passes are too few");
        assertThat(graft().run("bench", "memory", "resnet18", "--input-size", 0).errors())
                .contains("does not take pictures of 0 pixels");
    }

    private GraftProgram graft() {
        return GraftProgram.on(temporary);
    }
}
