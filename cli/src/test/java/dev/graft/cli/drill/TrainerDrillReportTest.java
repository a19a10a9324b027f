package dev.graft.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.console.Console;
import dev.graft.stack.ActionableException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrainerDrillReportTest {
    private static final TrainerDrillReport.Killed EQUAL =
            new TrainerDrillReport.Killed("run-2", "SUCCEEDED", 1, null, List.of());
    private static final TrainerDrillReport.Killed OTHER =
            new TrainerDrillReport.Killed("run-3", "SUCCEEDED", 1, null, List.of("model.onnx"));

    @Test
    void holdsWhenEveryRunCameToTheSame() {
        TrainerDrillReport report = report(EQUAL, EQUAL);

        assertThat(report.verdict()).isEqualTo("holds");
        assertThatCode(report::requireHolds).doesNotThrowAnyException();
    }

    @Test
    void isBrokenByOneRunThatCameToSomethingElse() {
        TrainerDrillReport report = report(EQUAL, OTHER);

        assertThat(report.verdict()).isEqualTo("broken");
        assertThatThrownBy(report::requireHolds).isInstanceOfSatisfying(ActionableException.class, broken -> {
            assertThat(broken.problem()).contains("killed run 2").contains("model.onnx");
            assertThat(broken.remedy()).contains("seed 7");
        });
    }

    @Test
    void isWrittenWithNameVerdictAndFigures() {
        JsonNode json = new ObjectMapper().valueToTree(report(EQUAL, OTHER));

        assertThat(json.path("drill").asText()).isEqualTo("trainer");
        assertThat(json.path("verdict").asText()).isEqualTo("broken");
        assertThat(json.path("kills").asInt()).isEqualTo(2);
        assertThat(json.at("/undisturbed/parts/model.onnx").asText()).isEqualTo("0123456789abcdef0123456789");
        assertThat(json.at("/hits/0/epoch").asInt()).isEqualTo(4);
        assertThat(json.at("/hits/1").has("epoch")).isFalse();
        assertThat(json.at("/runs/1/differences/0").asText()).isEqualTo("model.onnx");
    }

    @Test
    void isPrintedAsTables() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        report(EQUAL, OTHER).print(new Console(stream, stream, false, 0));

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "KILL  RUN  AFTER   PHASE        EPOCH    WENT ON AFTER",
                        "1     1    12.3 s  fine-tuning  4 of 10  20.1 s",
                        "2     2    0.2 s   taking up    -        9.0 s",
                        "OF THE RUN  UNDISTURBED        EQUAL IN",
                        "model.onnx  0123456789abcdef…  1 of 2 runs",
                        "The verdict: broken. 2 kills hit 2 of 2 runs, all of it took 80.0 s.");
    }

    private static TrainerDrillReport report(TrainerDrillReport.Killed... runs) {
        return TrainerDrillReport.of(
                7,
                10,
                new TrainerDrillReport.Undisturbed(
                        "run-1", 30, new TreeMap<>(Map.of("model.onnx", "0123456789abcdef0123456789"))),
                List.of(new Kill(1, 12.3, "fine-tuning", 4, 20.1), new Kill(2, 0.2, "taking up", null, 9)),
                List.of(runs),
                80);
    }
}
