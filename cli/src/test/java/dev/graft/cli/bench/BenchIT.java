package dev.graft.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.GraftProgram;
import dev.graft.cli.GraftProgram.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks are measured without a stack, and what grows with a dataset in one that is gone afterwards. The numbers
/// depend on the machine; that there are some does not.
class BenchIT {
    private static final String NETWORK = "tf_efficientnet_lite0.in1k";

    @TempDir
    Path temporary;

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(temporary).isDirectoryNotContaining("glob:**bench-*");
        assertThat(processesBelow()).isEmpty();
    }

    private List<ProcessHandle> processesBelow() {
        return ProcessHandle.allProcesses().filter(this::isBelow).toList();
    }

    private boolean isBelow(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains(temporary.toString());
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
            assertThat(speed.path("imagesPerSecond").asDouble()).isPositive();
        }
        assertThat(speeds.at("/0/work").findValuesAsText("kind"))
                .contains("depthwise convolutions", "1x1 convolutions");
    }

    @Test
    void measuresFineTuningBesideThePlainLoop() {
        JsonNode report = graft().run(
                        "bench",
                        "fine-tune",
                        "--stages",
                        "blocks.6,conv_head",
                        "--images",
                        4,
                        "--batch-size",
                        2,
                        "--rounds",
                        1,
                        "--input-size",
                        32,
                        "--json")
                .json();

        assertThat(report.path("backbone").asText()).isEqualTo(NETWORK);
        JsonNode part = report.at("/parts/0");
        assertThat(part.path("stages")).extracting(JsonNode::asText).containsExactly("blocks.6", "conv_head");
        assertThat(part.path("trunkMillisPerImage").asDouble()).isPositive();
        assertThat(part.path("stepsCompared").asInt()).isEqualTo(2);
        assertThat(part.path("lossDifference").asDouble()).isBetween(0.0, 0.01);
        assertThat(part.path("ratio").asDouble()).isPositive();
        assertThat(part.path("trainingRatio").asDouble()).isPositive();
        assertThat(part.path("contenders").findValuesAsText("contender")).startsWith("Graft", "plain DJL loop");
        assertThat(part.path("contenders"))
                .allSatisfy(contender ->
                        assertThat(contender.path("imagesPerSecond").asDouble()).isPositive());
        assertThat(part.at("/contenders/0/ratio").isMissingNode()).isTrue();
        assertThat(part.at("/contenders/1/ratio").asDouble()).isPositive();
    }

    @Test
    void measuresHowEveryStepGrowsWithTheDataset() {
        measuresGrowth(false, "--images", "100,200");
    }

    @Test
    void measuresHowStepsGrowWithRowsAlone() {
        measuresGrowth(true, "--rows", "--images", "100,200");
    }

    private void measuresGrowth(boolean rows, String... options) {
        JsonNode report = graft().run(Stream.concat(Stream.of("bench", "scale", "--json"), Stream.of(options))
                        .toArray())
                .json();

        assertThat(report.path("rows").asBoolean()).isEqualTo(rows);
        assertThat(report.path("images")).extracting(JsonNode::asInt).containsExactly(100, 200);
        assertThat(report.path("inputSizePixels").asInt()).isEqualTo(32);
        assertThat(report.path("refusals")).isEmpty();
        assertThat(report.path("seconds").asDouble()).isPositive();
        assertThat(report.path("steps").findValuesAsText("step"))
                .containsExactlyElementsOf(
                        ScaleStep.of(rows).stream().map(ScaleStep::title).toList());
        for (JsonNode step : report.path("steps")) {
            assertThat(step.path("unit").asText()).isIn("ms per request", "µs per image");
            assertThat(step.path("costs"))
                    .hasSize(2)
                    .allSatisfy(cost ->
                            assertThat(cost.asDouble()).as(step.toString()).isPositive());
            assertThat(step.path("ratio").asDouble()).as(step.toString()).isPositive();
            assertThat(step.path("process").asText()).isIn("ingest", "feature", "trainer");
            assertThat(step.path("heapBytes"))
                    .hasSize(2)
                    .allSatisfy(heap ->
                            assertThat(heap.asLong()).as(step.toString()).isGreaterThan(10L << 20));
        }
        assertThat(report.path("memory").findValuesAsText("process"))
                .containsExactly("ingest", "feature", "trainer", "predict", "supervisor");
        for (JsonNode process : report.path("memory")) {
            assertThat(process.path("heapBytes").asLong()).isGreaterThanOrEqualTo(512L << 20);
            assertThat(process.path("peakBytes"))
                    .hasSize(2)
                    .allSatisfy(peak -> assertThat(peak.asLong()).isGreaterThan(10L << 20));
        }
    }

    @Test
    void leavesNothingBehindWhenItIsInterrupted() throws Exception {
        GraftProgram graft = graft();
        List<ProcessHandle> others = ProcessHandle.current().children().toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> command = threads.submit(() -> graft.run("bench", "scale", "--images", "100"));
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> processesBelow().stream().anyMatch(BenchIT::isIngest));

            // The command is the only new child of this process; the stack is the command's.
            ProcessHandle.current()
                    .children()
                    .filter(child -> !others.contains(child))
                    .forEach(ProcessHandle::destroy);

            assertThat(command.get().status()).isNotZero();
        }
    }

    private static boolean isIngest(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("stack.role=ingest");
    }

    @Test
    void explainsWhatItDoesNotKnow() {
        assertThat(graft().run("bench").errors()).contains("Which command?").contains("memory");
        assertThat(graft().run("bench", "backbones", "--backbone", "alexnet").errors())
                .contains("There is no backbone alexnet");
        assertThat(graft().run("bench", "memory", "resnet18", "--passes", 3).errors())
                .contains("3 passes are too few");
        assertThat(graft().run("bench", "fine-tune", "--images", 0).errors())
                .contains("it takes 1 to 4,096 pictures, not '0'");
        assertThat(graft().run("bench", "memory", "resnet18", "--input-size", 0).errors())
                .contains("does not take pictures of 0 pixels");
    }

    private GraftProgram graft() {
        return GraftProgram.on(temporary);
    }
}
