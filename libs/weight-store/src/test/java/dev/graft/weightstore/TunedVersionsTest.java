package dev.graft.weightstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelVersionName;
import dev.graft.contracts.Precision;
import dev.graft.contracts.Sha256;
import dev.graft.networks.Arithmetic;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Malformation;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.PatchedSafetensors;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.weightstore.UnusableChoiceException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a version of a model was fine-tuned to is a backbone.
class TunedVersionsTest {
    private static final Backbone BUNDLED = Catalogue.standard().defaultBackbone();
    private static final String TENSOR = "conv_head.weight";

    /// The bundled weights, of which one number is another.
    private static byte[] tuned;

    private final ObjectStore objects = new InMemoryObjectStore();

    @TempDir
    private Path directory;

    private WeightStore store;

    @BeforeAll
    static void tune(@TempDir Path directory) throws IOException {
        byte[] file = Files.readAllBytes(new BundledWeights(directory)
                .file(BUNDLED.name(), BUNDLED.sha256().orElseThrow()));
        try (Safetensors weights = Safetensors.of(file)) {
            float[] values = weights.tensor(TENSOR).toArray();
            values[0] += 1;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PatchedSafetensors.write(weights, Map.of(TENSOR, FloatTensor.of(weights.shape(TENSOR), values)), out);
            tuned = out.toByteArray();
        }
    }

    @BeforeEach
    void open() {
        store = new WeightStore(objects, directory);
    }

    @Test
    void isABackboneOfItsArchitecture() throws IOException {
        publish("flowers@3", BUNDLED.name(), List.of(BUNDLED.name()), tuned);

        Backbone found = store.named("flowers@3");

        assertThat(found.name()).isEqualTo("flowers@3");
        assertThat(found.architecture()).isEqualTo(BUNDLED.architecture());
        assertThat(found.lineage()).containsExactly("flowers@3", BUNDLED.name());
        assertThat(found.license()).isEqualTo(BUNDLED.license());
        assertThat(found.preprocessing()).isEqualTo(BUNDLED.preprocessing());
        assertThat(found.featureDimension()).isEqualTo(1280);
        assertThat(found.accuracy()).isEmpty();
        assertThat(store.availability(found)).isEqualTo(Availability.PRESENT);
        assertThat(store.sha256(found)).isEqualTo(Sha256.of(tuned));
        try (Safetensors weights = store.open(found, store.sha256(found))) {
            weights.requireFor(found.network());
        }
        assertThat(store.catalogue()).isEqualTo(Catalogue.standard());
    }

    @Test
    void takesLayerAndInputSizeAsAnyOther() {
        publish("flowers@3", BUNDLED.name(), null, tuned);

        ChosenExtractor plain = chosen(new ExtractorChoice("flowers@3", null, null, Precision.F32));
        ChosenExtractor other = chosen(new ExtractorChoice("flowers@3", "blocks.4:pooled", 160, Precision.F32));

        assertThat(plain.layer()).hasToString("global_pool");
        assertThat(plain.inputSizePixels()).isEqualTo(224);
        assertThat(other.layer().toString()).startsWith("blocks.4.").endsWith(":pooled");
        assertThat(other.inputSizePixels()).isEqualTo(160);
        assertThatExceptionOfType(UnusableChoiceException.class)
                .isThrownBy(() -> chosen(new ExtractorChoice("flowers@3", "layer4", null, Precision.F32)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LAYER_UNKNOWN));
    }

    @Test
    void givesItsFeaturesWhereItWasTunedTo() {
        put("flowers@3", card(BUNDLED.name(), null, "blocks.5:pooled", 160, Sha256.of(tuned)), tuned);

        ChosenExtractor chosen = chosen(new ExtractorChoice("flowers@3", null, null, Precision.F32));

        assertThat(chosen.layer().toString()).startsWith("blocks.5.").endsWith(":pooled");
        assertThat(chosen.inputSizePixels()).isEqualTo(160);
        assertThat(chosen.dimension())
                .isEqualTo(store.named("flowers@3").featureDimension())
                .isEqualTo(192);
    }

    @Test
    void sharesEmbeddingsWithEqualWeightsAndWithNoOthers() throws IOException {
        byte[] published = Files.readAllBytes(new BundledWeights(directory)
                .file(BUNDLED.name(), BUNDLED.sha256().orElseThrow()));
        publish("flowers@3", BUNDLED.name(), null, tuned);
        publish("roses@1", "tulips@7", List.of("tulips@7", BUNDLED.name()), tuned);
        publish("weeds@2", BUNDLED.name(), null, published);

        assertThat(digest("flowers@3")).isEqualTo(digest("roses@1")).isNotEqualTo(digest("weeds@2"));
        assertThat(digest("weeds@2")).isEqualTo(digest(BUNDLED.name()));
    }

    @Test
    void namesAllThatItWasTunedFrom() {
        publish("roses@1", "flowers@3", List.of("flowers@3", "weeds@2", BUNDLED.name()), tuned);

        Backbone found = store.named("roses@1");

        assertThat(found.lineage()).containsExactly("roses@1", "flowers@3", "weeds@2", BUNDLED.name());
        assertThat(found.weightSet()).isEqualTo(BUNDLED.name());
        assertThat(found.source()).isEqualTo("fine-tuned from flowers@3");
    }

    @Test
    void isComputedInEightBitsOnceThereAreRanges() {
        publish("flowers@3", BUNDLED.name(), null, tuned);
        ExtractorChoice choice = new ExtractorChoice("flowers@3", null, null, Precision.INT8);
        assertThatExceptionOfType(UnusableChoiceException.class)
                .isThrownBy(() -> chosen(choice))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INT8_UNSUPPORTED))
                .withMessageContaining("./graft weights quantize flowers@3");
        ActivationRanges bundled = store.ranges(BUNDLED).orElseThrow();
        ActivationRanges ranges = new ActivationRanges(
                "flowers@3",
                Sha256.of(tuned),
                bundled.preprocessingDigest(),
                bundled.source(),
                bundled.images(),
                bundled.rule(),
                bundled.values());

        store.putRanges(ranges);

        assertThat(chosen(choice).ranges()).contains(ranges);
        assertThat(chosen(choice).identity().precision()).isEqualTo(new Arithmetic.Int8(ranges.digest()));
        assertThat(ChosenExtractor.of(store, choice, chosen(choice).identity().digest())
                        .ranges())
                .contains(ranges);
    }

    @Test
    void saysWhichBackboneAVersionHasThatWasNotTuned() {
        objects.put(key("plain@1", ModelCard.FILE), text(card(BUNDLED.name(), null, "global_pool", 224, null)));
        objects.put(
                key("grafted@1", ModelCard.FILE),
                text(card("flowers@3", List.of("flowers@3", BUNDLED.name()), "global_pool", 224, null)));

        refused("plain@1", "plain@1 was not fine-tuned: its backbone is " + BUNDLED.name());
        refused("grafted@1", "grafted@1 was not fine-tuned: its backbone is flowers@3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flowers@", "flowers@0", "flowers@latest", "../weights@1", "a b@1"})
    void saysHowAVersionIsNamed(String name) {
        refused(name, "NAME@VERSION, such as flowers@3");
    }

    @Test
    void saysOfAnUnknownNameThatVersionsHaveNames() {
        assertThatExceptionOfType(UnusableChoiceException.class)
                .isThrownBy(() -> store.named("flowers"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BACKBONE_UNKNOWN))
                .withMessageContaining("fine-tuned versions of models, named NAME@VERSION");
    }

    @Test
    void noticesThatAVersionIsDeleted() throws IOException {
        publish("flowers@3", BUNDLED.name(), null, tuned);
        Backbone found = store.named("flowers@3");

        objects.delete(key("flowers@3", ModelCard.FILE));
        refused("flowers@3", "There is no version 3 of a model flowers, or it was deleted");
        objects.delete(key("flowers@3", ModelCard.BACKBONE));

        assertThatThrownBy(() -> store.open(found, Sha256.of(tuned)))
                .isInstanceOf(AbsentWeightsException.class)
                .hasMessageContaining("flowers@3")
                .hasMessageContaining("deleted");
    }

    @Test
    void fetchesItsFileOnceAndVerifiesIt() throws IOException {
        publish("flowers@3", BUNDLED.name(), null, tuned);
        Backbone found = store.named("flowers@3");
        store.open(found, store.sha256(found)).close();
        objects.put(key("flowers@3", ModelCard.BACKBONE), ObjectContent.of(new byte[] {1}, "application/octet-stream"));

        store.open(found, store.sha256(found)).close();

        WeightStore another = new WeightStore(objects, directory.resolve("another"));
        assertThatThrownBy(() -> another.open(found, another.sha256(found)))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(Malformation.WRONG_DIGEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{\"backbone\": ",
                "{\"backbone\": \"tomorrow.net\"}",
                "{\"backbone\": \"tomorrow.net\", \"extractor\": {\"layer\": \"x\"}, \"files\": {\"backbone.safetensors\": {\"sha256\": \"%1$s\", \"sizeBytes\": 1}}, \"preprocessing\": {\"inputSize\": 224, \"cropFraction\": 0.9, \"interpolation\": \"bicubic\", \"mean\": [0, 0, 0], \"std\": [1, 1, 1]}}",
                "{\"backbone\": \"resnet18.tv_in1k\", \"lineage\": [], \"extractor\": {\"layer\": \"layer4:pooled\"}, \"files\": {\"backbone.safetensors\": {\"sha256\": \"%1$s\", \"sizeBytes\": 1}}, \"preprocessing\": {\"inputSize\": 224, \"cropFraction\": 0.9, \"interpolation\": \"lanczos\", \"mean\": [0, 0, 0], \"std\": [1, 1, 1]}}"
            })
    void saysThatItCannotReadWhatAnotherReleaseWrote(String card) {
        objects.put(key("flowers@3", ModelCard.FILE), text(card.formatted("0".repeat(64))));

        refused("flowers@3", "cannot read model.json of flowers@3");
    }

    private void refused(String name, String detail) {
        assertThatExceptionOfType(UnusableChoiceException.class)
                .isThrownBy(() -> store.named(name))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.VERSION_UNUSABLE))
                .withMessageContaining(detail);
    }

    private ChosenExtractor chosen(ExtractorChoice choice) {
        return ChosenExtractor.of(store, choice);
    }

    private String digest(String backbone) {
        return chosen(new ExtractorChoice(backbone, null, null, Precision.F32))
                .identity()
                .digest();
    }

    private void publish(String name, String backbone, @Nullable List<String> lineage, byte[] weights) {
        put(name, card(backbone, lineage, "global_pool", 224, Sha256.of(weights)), weights);
    }

    private void put(String name, String card, byte[] weights) {
        objects.put(key(name, ModelCard.BACKBONE), ObjectContent.of(weights, "application/octet-stream"));
        objects.put(key(name, ModelCard.FILE), text(card));
    }

    private static String key(String name, String file) {
        return ModelVersionName.parse(name).bundlePrefix() + file;
    }

    private static ObjectContent text(String card) {
        return ObjectContent.of(card.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    /// A `model.json` as far as it matters here; without lineage, as earlier releases wrote it.
    private static String card(
            String backbone, @Nullable List<String> lineage, String layer, int inputSize, @Nullable String sha256) {
        return """
                {"model": "ignored", "backbone": "%s",%s "extractor": {"layer": "%s", "dimension": 1},
                 "preprocessing": {"inputSize": %d, "cropFraction": 0.875, "interpolation": "bicubic",
                                   "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
                 "files": {%s"model.onnx": {"sha256": "%s", "sizeBytes": 1}}}""".formatted(
                backbone,
                lineage == null ? "" : " \"lineage\": [\"" + String.join("\", \"", lineage) + "\"],",
                layer,
                inputSize,
                sha256 == null
                        ? ""
                        : "\"backbone.safetensors\": {\"sha256\": \"%s\", \"sizeBytes\": 1}, ".formatted(sha256),
                "0".repeat(64));
    }
}
