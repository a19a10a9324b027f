package dev.graft.pytorch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.Shared;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.inference.EmbeddingEngine;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.Dense;
import dev.graft.networks.onnx.Head;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.quantisation.BundledRanges;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.quantisation.WeightBits;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.Weights;
import dev.graft.onnxruntime.Calibrator;
import dev.graft.onnxruntime.PixelClassifier;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The bundled backbone in eight bits, and what is refused.
class EightBitTest {
    private static final Backbone BACKBONE = Catalogue.standard().defaultBackbone();
    private static final String SHA256 = BACKBONE.sha256().orElseThrow();
    private static final Network NETWORK = BACKBONE.network().upTo(BACKBONE.defaultLayer());
    private static final ActivationRanges RANGES =
            BundledRanges.find(BACKBONE.name(), SHA256).orElseThrow();

    /// The networks whose activations are smooth.
    private static final List<String> REFUSED = List.of("efficientnet_b0", "convnext_tiny", "vit_small_patch14_dinov2");

    @TempDir
    private static Path directory;

    /// The least cosine is that of one image; seven bits round four times as coarsely as eight (in squares).
    @ParameterizedTest
    @EnumSource
    void hasTheFeaturesOfSinglePrecisionOnPhotographsButForRounding(WeightBits bits) throws Exception {
        Preprocessor preprocessor = new Preprocessor(BACKBONE.preprocessing(), DecodeLimits.STANDARD);
        Path expected = Shared.path("reference/real/tf_efficientnet_lite0.in1k.features.safetensors");
        double mean = 0;
        try (Safetensors features = Safetensors.open(expected);
                Safetensors weights = bundled();
                EmbeddingEngine engine =
                        EngineChoice.AUTO.load(NETWORK, weights, Optional.of(new Quantisation(RANGES, bits)), 1, 4)) {
            float[] image = new float[engine.floatsPerImage()];
            for (String photograph : features.names()) {
                byte[] file = Files.readAllBytes(Shared.path("datasets/" + photograph));
                preprocessor.normalise(preprocessor.read(file), 0, image, 0);
                double cosine =
                        cosine(engine.embed(image), features.tensor(photograph).toArray());
                assertThat(cosine).as(photograph).isGreaterThan(bits == WeightBits.EIGHT ? 0.985 : 0.96);
                mean += cosine / features.names().size();
            }
        }
        assertThat(mean).isGreaterThan(bits == WeightBits.EIGHT ? 0.9965 : 0.99);
    }

    @Test
    void isComputedInIntegersFromTheImagesToTheLastMap() throws Exception {
        Path optimised = directory.resolve("optimised.onnx");
        try (Safetensors weights = bundled();
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setOptimizedModelFilePath(optimised.toString());
            byte[] model = BackboneExport.features(NETWORK, weights, Optional.of(quantisation(WeightBits.EIGHT)))
                    .toBytes();
            assertThat(BackboneExport.features(NETWORK, weights, Optional.of(quantisation(WeightBits.EIGHT)))
                            .toBytes())
                    .isEqualTo(model);
            OrtEnvironment.getEnvironment().createSession(model, options).close();
        }
        String bytes = Files.readString(optimised, StandardCharsets.ISO_8859_1);
        assertThat(nodes(bytes, "QLinearConv")).isEqualTo(49);
        assertThat(nodes(bytes, "QLinearAdd")).isEqualTo(9);
        assertThat(nodes(bytes, "QuantizeLinear")).isEqualTo(1);
        assertThat(nodes(bytes, "DequantizeLinear")).isEqualTo(1);
        // One brings the images' channels to the end, one brings the last map's back.
        assertThat(nodes(bytes, "Transpose")).isEqualTo(2);
        for (String floating : List.of("Conv", "Clip", "Add", "FusedConv", "Pad")) {
            assertThat(nodes(bytes, floating)).as(floating).isZero();
        }
    }

    /// A network whose normalisations come before its convolutions.
    @Test
    void normalisesInIntegersWhereNormalisationsStandAlone() {
        Backbone backbone = Catalogue.standard().get("densenet121").withInputSize(64);
        Network network = backbone.network().upTo(backbone.defaultLayer());
        Weights weights = new FormulaWeights("").of(network);
        Quantisation quantisation = calibrated(backbone, weights, new FormulaWeights("normalised:").images(1, 64));
        byte[] model = BackboneExport.features(network, weights, Optional.of(quantisation))
                .toBytes();
        assertThat(nodes(new String(model, StandardCharsets.ISO_8859_1), "BatchNormalization"))
                .isZero();
    }

    /// A network of each family. The weights are noise, so that rounding adds up more than with trained ones.
    @ParameterizedTest
    @CsvSource({
        "resnet18, 64",
        "resnet50, 64",
        "densenet121, 64",
        "inception_v3, 107",
        "inception_resnet_v2, 107",
        "legacy_xception, 96",
        "mobilenetv1_100, 64",
        "mobilenetv2_100, 64",
        "tf_efficientnet_lite2, 64",
        "efficientnet_lite0, 64",
        "vgg16, 32"
    })
    void hasTheFeaturesOfSinglePrecisionButForRoundingInEveryFamily(String architecture, int inputSize) {
        Backbone backbone = Catalogue.standard().get(architecture).withInputSize(inputSize);
        Network network = backbone.network().upTo(backbone.defaultLayer());
        Weights weights = new FormulaWeights("").of(network);
        float[] image = new FormulaWeights("normalised:").images(1, inputSize);
        Optional<Quantisation> quantisation = Optional.of(calibrated(backbone, weights, image));
        try (EmbeddingEngine single = EngineChoice.AUTO.load(network, weights, 1, 1);
                EmbeddingEngine eight = EngineChoice.AUTO.load(network, weights, quantisation, 1, 1)) {
            assertThat(cosine(single.embed(image), eight.embed(image))).isGreaterThan(0.95);
        }
    }

    /// A number so large that the mean of its map overflows, while every map is finite.
    @Test
    void weightsThatLeadToInfiniteFeaturesHaveNoRanges() {
        Backbone backbone = Catalogue.standard().get("resnet18").withInputSize(64);
        Weights sound = new FormulaWeights("").of(backbone.network().upTo(backbone.defaultLayer()));
        float[] bias = new float[512];
        Arrays.fill(bias, 3e38f);
        Weights damaged = sound.with(Map.of("layer4.1.bn2.bias", FloatTensor.of(Shape.of(512), bias)));
        float[] image = new FormulaWeights("normalised:").images(1, 64);
        assertThatThrownBy(() -> calibrated(backbone, damaged, image))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not finite");
    }

    private static Quantisation calibrated(Backbone backbone, Weights weights, float[] image) {
        try (Calibrator calibrator = Calibrator.load(backbone, weights, 1)) {
            calibrator.add(image);
            return new Quantisation(calibrator.ranges(SHA256, "numbers by formula"), WeightBits.ofThisMachine());
        }
    }

    /// Columns come by fours, or else images have a fourth channel; either way the features are those of float32
    /// but for rounding, of which noise has more than photographs.
    @ParameterizedTest
    @ValueSource(ints = {224, 226})
    void takesImagesOfAnyWidth(int size) throws Exception {
        Network network = NETWORK.withInputSize(size);
        FloatBuffer images = FloatBuffer.wrap(new FormulaWeights("width:").images(2, size));
        try (Safetensors weights = bundled();
                EmbeddingEngine single = EngineChoice.AUTO.load(network, weights, 1, 2);
                EmbeddingEngine eight = EngineChoice.AUTO.load(
                        network, weights, Optional.of(quantisation(WeightBits.ofThisMachine())), 1, 2)) {
            assertThat(cosine(single.embed(images), eight.embed(images))).isGreaterThan(0.95);
        }
    }

    @Test
    void givesTheSameFeaturesInsideAClassifierThatTakesPixels() throws Exception {
        Optional<Quantisation> quantisation = Optional.of(quantisation(WeightBits.ofThisMachine()));
        byte[] pixels = new byte[224 * 224 * 3];
        new Random(3).nextBytes(pixels);
        float[] image = new float[pixels.length];
        new Preprocessor(BACKBONE.preprocessing(), DecodeLimits.STANDARD).normalise(pixels, 0, image, 0);
        try (Safetensors weights = bundled()) {
            Dense dense = new Dense(weights.tensor("classifier.weight"), weights.tensor("classifier.bias"));
            Head head = new Head(List.of(dense), Head.Output.SOFTMAX);
            Network whole = BACKBONE.network();
            try (EmbeddingEngine engine = EngineChoice.AUTO.load(whole, weights, quantisation, 1, 4);
                    PixelClassifier classifier = PixelClassifier.load(
                            BackboneExport.classifier(BACKBONE, NETWORK, weights, quantisation, head, Map.of()), 1)) {
                double[] logits = IntStream.range(0, 1000).mapToDouble(i -> 0).toArray();
                float[] expected = engine.embed(image);
                double sum = 0;
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = Math.exp(expected[i]);
                    sum += logits[i];
                }
                float[] actual = classifier.classify(pixels)[0];
                for (int i = 0; i < actual.length; i++) {
                    // Whole bytes pass between the steps, so that nothing but the softmax may differ.
                    assertThat(actual[i]).isCloseTo((float) (logits[i] / sum), within(1e-5f));
                }
            }
        }
    }

    @Test
    void hasTheSameRangesInWhateverOrderImagesCome() throws Exception {
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            images.add(new FormulaWeights("calibration " + i + ":").images(1, 224));
        }
        try (Safetensors weights = bundled()) {
            ActivationRanges expected = ranges(images, weights);
            assertThat(expected.images()).isEqualTo(5);
            assertThat(expected.values().keySet())
                    .containsExactlyElementsOf(RANGES.values().keySet());
            Collections.reverse(images);
            assertThat(ranges(images, weights)).isEqualTo(expected);
        }
    }

    /// Of twenty images one has thrice the contrast, and one has a pixel far beyond all others.
    @Test
    void hasRangesThatHoldEveryImageButForSingleNumbers() throws Exception {
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            images.add(new FormulaWeights("calibration " + i + ":").images(1, 224));
        }
        images.getFirst()[0] = 1000;
        float[] strong = new FormulaWeights("strong:").images(1, 224);
        for (int i = 0; i < strong.length; i++) {
            strong[i] *= 3;
        }
        images.add(strong);
        try (Safetensors weights = bundled()) {
            ActivationRanges alone = ranges(List.of(strong), weights);
            ActivationRanges together = ranges(images, weights);
            assertThat(together.of(BackboneExport.IMAGES)).isEqualTo(alone.of(BackboneExport.IMAGES));
            alone.values().forEach((value, range) -> {
                assertThat(together.of(value).minimum()).as(value).isLessThanOrEqualTo(range.minimum());
                assertThat(together.of(value).maximum()).as(value).isGreaterThanOrEqualTo(range.maximum());
            });
        }
    }

    @Test
    void isRefusedWhereItCannotBe() {
        Optional<Quantisation> quantisation = Optional.of(quantisation(WeightBits.EIGHT));
        FormulaWeights formula = new FormulaWeights("");
        assertThatThrownBy(() ->
                        EngineChoice.parse("pytorch", "cpu").load(NETWORK, formula.of(NETWORK), quantisation, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("int8 runs in ONNX Runtime on a CPU only");
        Network other = EverythingNetwork.ofSize(32).upToNode("stem_bn.act");
        assertThatThrownBy(() -> BackboneExport.features(other, formula.of(other), quantisation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("have none for");
        assertThatThrownBy(() -> BackboneExport.eightBitValues(EverythingNetwork.ofSize(32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("everything is not computed in int8");
    }

    /// Products of a byte and a weight are added in 32 bits, to a bias of 30.
    @Test
    void neverOverflowsTheSumOfAConvolution() {
        long greatestProduct = 255L * WeightBits.EIGHT.greatest();
        for (String architecture : Architectures.names()) {
            Network network = Architectures.named(architecture);
            long terms = network.parameters().stream()
                    .map(ParameterSpec::shape)
                    .filter(shape -> shape.rank() == 4)
                    .mapToLong(shape -> shape.elements() / shape.at(0))
                    .max()
                    .orElseThrow();
            assertThat(terms * greatestProduct + (1L << 30)).as(architecture).isLessThan(Integer.MAX_VALUE);
        }
    }

    @Test
    void isComputedForEveryOtherNetwork() {
        assertThat(Architectures.names())
                .filteredOn(EightBitTest::isComputed)
                .hasSize(Architectures.names().size() - REFUSED.size());
        assertThat(REFUSED).noneMatch(EightBitTest::isComputed);
    }

    private static boolean isComputed(String architecture) {
        Network network = Architectures.named(architecture);
        return BackboneExport.takesEightBits(network.upTo(TransferLayer.parse(network.features())));
    }

    @ParameterizedTest
    @FieldSource("REFUSED")
    void isRefusedWhereItDoesNotPay(String architecture) {
        Network network = Architectures.named(architecture);
        assertThatThrownBy(() -> BackboneExport.eightBitValues(network.upTo(TransferLayer.parse(network.features()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        architecture + " is not computed in int8, which pays for convolutions with ReLU only; use f32");
    }

    private static ActivationRanges ranges(List<float[]> images, Safetensors weights) {
        try (Calibrator calibrator = Calibrator.load(BACKBONE, weights, 2)) {
            images.stream().parallel().forEach(calibrator::add);
            return calibrator.ranges(SHA256, "numbers by formula");
        }
    }

    private static Quantisation quantisation(WeightBits bits) {
        return new Quantisation(RANGES, bits);
    }

    /// Counts the nodes of a type in the bytes of a model: field 4 of `NodeProto`, its length, its text.
    private static int nodes(String model, String type) {
        String field = "\"" + (char) type.length() + type;
        return (model.length() - model.replace(field, "").length()) / field.length();
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * (double) b[i];
            squaresA += a[i] * (double) a[i];
            squaresB += b[i] * (double) b[i];
        }
        return product / Math.sqrt(squaresA * squaresB);
    }

    private static Safetensors bundled() throws Exception {
        return new BundledWeights(directory).open(BACKBONE.name(), SHA256);
    }
}
