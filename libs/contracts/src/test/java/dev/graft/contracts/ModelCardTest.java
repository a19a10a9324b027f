package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    private static final String CARD = """
            {"model": "flowers", "version": 4, "run": "t-1", "metrics": {"testAccuracy": 0.96},
             "preprocessing": {"inputSize": 224, "cropFraction": 0.875, "interpolation": "bicubic",
                               "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "digest": "ignored"},
             "labels": ["rose", "tulip"],
             "files": {"model.onnx": {"sha256": "%s", "sizeBytes": 17}},
             "selfTest": {"seed": 42, "probabilities": [[0.25, 0.75], [0.5, 0.5]]}}
            """.formatted("7c".repeat(32));

    @Test
    void readsWhatServersNeedAndIgnoresTheRest() throws Exception {
        ModelCard card = new ObjectMapper().readValue(CARD, ModelCard.class);

        assertThat(card)
                .isEqualTo(new ModelCard(
                        "flowers",
                        4,
                        new ModelCard.Preprocessing(
                                224, 0.875, "bicubic", List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5)),
                        List.of("rose", "tulip"),
                        Map.of(ModelCard.NETWORK, new ModelCard.BundleFile("7c".repeat(32), 17)),
                        new ModelCard.SelfTest(42, List.of(List.of(0.25, 0.75), List.of(0.5, 0.5)))));
    }

    @Test
    void makesTheSameImagesEverywhere() {
        byte[] pixels = ModelCard.SelfTest.pixels(42, 2, 2);

        assertThat(pixels).hasSize(24).startsWith(0x91, 0x39, 0x69);
        assertThat(new ModelCard.SelfTest(42, List.of(List.of(1.0), List.of(1.0))).pixels(2))
                .isEqualTo(pixels);
    }

    @Test
    void refusesADigestThatIsNone() {
        assertThatThrownBy(() -> new ModelCard.BundleFile("7C".repeat(32), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ModelCard.BundleFile("7c", 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
