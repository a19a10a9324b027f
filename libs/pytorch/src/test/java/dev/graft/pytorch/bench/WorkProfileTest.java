package dev.graft.pytorch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.pytorch.bench.WorkProfile.Work;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// The arithmetic on a profile, with events as ONNX Runtime writes them, less what is not read.
class WorkProfileTest {
    private static final String EVENTS = """
            [
              {"cat": "Session", "dur": 9000, "name": "model_run", "args": {}},
              {"cat": "Node", "dur": 500, "args": {"node_index": "1", "op_name": "Conv",
                "input_type_shape": [{"float": [1, 3, 8, 8]}, {"float": [16, 3, 3, 3]}, {"float": [16]}],
                "output_type_shape": [{"float": [1, 16, 4, 4]}]}},
              {"cat": "Node", "dur": 100, "args": {"node_index": "1", "op_name": "Conv",
                "input_type_shape": [{"float": [1, 3, 8, 8]}, {"float": [16, 3, 3, 3]}, {"float": [16]}],
                "output_type_shape": [{"float": [1, 16, 4, 4]}]}},
              {"cat": "Node", "dur": 100, "args": {"node_index": "1", "op_name": "Conv",
                "input_type_shape": [{"float": [1, 3, 8, 8]}, {"float": [16, 3, 3, 3]}, {"float": [16]}],
                "output_type_shape": [{"float": [1, 16, 4, 4]}]}},
              {"cat": "Node", "dur": 200, "args": {"node_index": "2", "op_name": "Conv",
                "input_type_shape": [{"float": [1, 16, 4, 4]}, {"float": [16, 1, 3, 3]}],
                "output_type_shape": [{"float": [1, 16, 4, 4]}]}},
              {"cat": "Node", "dur": 60, "args": {"node_index": "3", "op_name": "Gemm",
                "input_type_shape": [{"float": [1, 16]}, {"float": [10, 16]}, {"float": [10]}],
                "output_type_shape": [{"float": [1, 10]}]}},
              {"cat": "Node", "dur": 40, "args": {"node_index": "4", "op_name": "Softmax",
                "input_type_shape": [{"float": [1, 10]}], "output_type_shape": [{"float": [1, 10]}]}}
            ]""";

    @Test
    void addsUpTheMedianOfEachOperatorByItsKind() throws JsonProcessingException {
        List<Work> work = WorkProfile.summary(new ObjectMapper().readTree(EVENTS), 2);

        assertThat(work)
                .extracting(Work::kind)
                .containsExactly("depthwise convolutions", "larger convolutions", "matrix products", "Softmax");
        assertThat(work).extracting(Work::timeShare).containsExactly(0.5, 0.25, 0.15, 0.1);
    }

    @Test
    void countsTheProductsOfEachKindOnAllThreads() throws JsonProcessingException {
        List<Work> work = WorkProfile.summary(new ObjectMapper().readTree(EVENTS), 2);

        assertSpeed(work.get(0), 2 * 4 * 4 * 16 * 9 / 200e-6);
        assertSpeed(work.get(1), 2 * 16 * 4 * 4 * 3 * 9 / 100e-6);
        assertSpeed(work.get(2), 2 * 10 * 16 / 60e-6);
        assertSpeed(work.get(3), 0);
    }

    /// The session then writes its profile when it is closed, which must not hide the failure.
    @Test
    void tellsWhyAPassFailed() {
        Network network = Architectures.named("mobilenetv2_100").withInputSize(32);
        OnnxModel model = BackboneExport.features(network, RandomWeights.of(network));

        assertThatThrownBy(() -> WorkProfile.measure(model, 1, 1, 64))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OrtException.class);
    }

    /// The tolerance is that of rounding in a few operations of float64.
    private static void assertSpeed(Work work, double expected) {
        assertThat(work.multiplyAddsPerSecond()).isCloseTo(expected, within(1e-12 * expected));
    }
}
