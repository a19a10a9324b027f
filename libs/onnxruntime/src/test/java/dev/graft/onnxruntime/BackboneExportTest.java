package dev.graft.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.weights.Weights;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackboneExportTest {
    private static final Network NETWORK =
            Architectures.named("tf_efficientnet_lite0").upTo(TransferLayer.parse("global_pool"));
    private static final Weights WEIGHTS = new FormulaWeights("").of(NETWORK);

    @Test
    void writesTheSameBytesEveryTime() {
        OnnxModel model = BackboneExport.features(NETWORK, WEIGHTS);
        byte[] bytes = model.toBytes();
        assertThat(bytes).hasSize(Math.toIntExact(model.sizeBytes()));
        assertThat(BackboneExport.features(NETWORK, WEIGHTS).toBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tf_efficientnet_lite0",
                "efficientnet_b0",
                "mobilenetv1_100",
                "mobilenetv2_100",
                "resnet18",
                "inception_v3",
                "legacy_xception"
            })
    void foldsEveryNormalisationIntoItsConvolution(String architecture) {
        Network network = Architectures.named(architecture);
        Weights weights = new FormulaWeights("").of(network);
        String bytes = new String(BackboneExport.features(network, weights).toBytes(), StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("Conv").doesNotContain("BatchNormalization").doesNotContain("running_var");
    }

    @Test
    void leavesTheBatchAxisOpen() throws OrtException {
        byte[] bytes = BackboneExport.features(NETWORK, WEIGHTS).toBytes();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = OrtEnvironment.getEnvironment().createSession(bytes, options)) {
            TensorInfo images = (TensorInfo)
                    session.getInputInfo().get(BackboneExport.IMAGES).getInfo();
            TensorInfo features = (TensorInfo)
                    session.getOutputInfo().get(BackboneExport.FEATURES).getInfo();
            assertThat(images.getShape()).containsExactly(-1, 3, 224, 224);
            assertThat(features.getShape()).containsExactly(-1, 1280);
            assertThat(session.getMetadata().getProducerName()).isEqualTo("graft");
        }
    }
}
