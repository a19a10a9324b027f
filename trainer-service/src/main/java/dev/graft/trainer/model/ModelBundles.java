package dev.graft.trainer.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.networks.Backbone;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.PatchedSafetensors;
import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.onnxruntime.PixelClassifier;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.evaluation.Comparison;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.evaluation.Interval;
import dev.graft.trainer.stage.HeadFile;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes bundles to object storage, and removes those that nobody registered. What makes a version is its registration
/// afterwards.
///
/// Several attempts of one run may write its bundle, one of them after it was over. Head, network and predictions have
/// the same bytes each time. The report may lack an image that was busy or gone, and the self-test may be answered
/// otherwise by another processor: of the report and of `model.json` the first that was written stays, and who comes
/// later takes it for its own. Blocks.
@ApplicationScoped
public class ModelBundles {
    private static final long SELF_TEST_SEED = 20_260_101;
    private static final int SELF_TEST_IMAGES = 2;

    /// A matrix of so many classes takes about a megabyte as text, and readers take
    /// [ModelCard#MAX_SIZE_BYTES].
    private static final int MATRIX_CLASSES_MAX = 400;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final ObjectStore store;
    private final WeightStore weights;
    private final ScratchFolder scratch;

    /// @param scratch where large files wait
    public ModelBundles(ObjectStore store, WeightStore weights, ScratchFolder scratch) {
        this.store = store;
        this.scratch = scratch;
        this.weights = weights;
    }

    /// Writes a bundle.
    ///
    /// @param report writes the report, an HTML document, of what the other files are
    /// @throws ProblemException `WEIGHTS_UNAVAILABLE` when the weights cannot be read now
    public NewVersion write(TrainedModel model, Function<Map<String, ModelCard.BundleFile>, String> report) {
        ExportedNetwork network = network(model);
        Map<String, byte[]> files = Map.of(BundleFiles.HEAD, model.headFile(), ModelCard.NETWORK, network.bytes());
        Map<String, ModelCard.BundleFile> listed = new TreeMap<>();
        String prefix = ObjectKeys.bundlePrefix(model.name(), model.version());
        files.forEach((name, bytes) -> {
            listed.put(name, listed(bytes));
            store.put(prefix + name, ObjectContent.of(bytes, BundleFiles.mediaType(name)));
        });
        putBackbone(model, prefix, listed);
        putPredictions(model, prefix, listed);
        byte[] html = report.apply(Map.copyOf(listed)).getBytes(StandardCharsets.UTF_8);
        listed.put(BundleFiles.REPORT, listed(putOnce(prefix, BundleFiles.REPORT, html)));
        byte[] card = putCard(prefix, listed, json(description(model, listed, network.selfTest())));
        return new NewVersion(
                model.name(),
                model.version(),
                model.lineage().runId(),
                Sha256.of(card),
                model.evaluation().accuracy(),
                new String(card, StandardCharsets.UTF_8));
    }

    /// Removes a bundle that no version was registered for. To remove it twice does no harm.
    public void remove(String model, int version) {
        String prefix = ObjectKeys.bundlePrefix(model, version);
        store.delete(prefix + ModelCard.FILE);
        BundleFiles.NAMES.forEach(name -> store.delete(prefix + name));
    }

    private static ModelCard.BundleFile listed(byte[] bytes) {
        return new ModelCard.BundleFile(Sha256.of(bytes), bytes.length);
    }

    /// Writes a file unless it is there. What is larger than a conditional request allows is written in any case.
    ///
    /// @return what is there now
    private byte[] putOnce(String prefix, String name, byte[] bytes) {
        ObjectContent content = ObjectContent.of(bytes, BundleFiles.mediaType(name));
        if (bytes.length > ObjectContent.MAX_CONDITIONAL_SIZE_BYTES) {
            store.put(prefix + name, content);
            return bytes;
        }
        return store.putIfAbsent(prefix + name, content)
                ? bytes
                : store.read(prefix + name, (int) ObjectContent.MAX_CONDITIONAL_SIZE_BYTES);
    }

    /// Writes `model.json` unless one is there that describes the same files.
    private byte[] putCard(String prefix, Map<String, ModelCard.BundleFile> listed, byte[] card) {
        byte[] present = putOnce(prefix, ModelCard.FILE, card);
        if (present != card && !files(present).equals(listed)) {
            // Of an earlier release, whose network was another one.
            store.put(prefix + ModelCard.FILE, ObjectContent.of(card, BundleFiles.mediaType(ModelCard.FILE)));
            return card;
        }
        return present;
    }

    private static Map<String, ModelCard.BundleFile> files(byte[] card) {
        try {
            return JSON.readerFor(ModelCard.class).<ModelCard>readValue(card).files();
        } catch (IOException damaged) {
            return Map.of();
        }
    }

    /// Writes the weights of a backbone that was fine-tuned. They can be as large as any, and are therefore made on
    /// disk.
    private void putBackbone(TrainedModel model, String prefix, Map<String, ModelCard.BundleFile> listed) {
        if (replaced(model).isEmpty()) {
            return;
        }
        MessageDigest sha256 = Sha256.digest();
        try (Safetensors before = Extractors.weights(weights, model.extractor())) {
            Path path = scratch.create(".safetensors");
            try {
                try (OutputStream out =
                        new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(path)), sha256)) {
                    PatchedSafetensors.write(before, replaced(model), out);
                }
                listed.put(BundleFiles.BACKBONE, new ModelCard.BundleFile(Sha256.hex(sha256), Files.size(path)));
                store.put(
                        prefix + BundleFiles.BACKBONE,
                        ObjectContent.of(path, BundleFiles.mediaType(BundleFiles.BACKBONE)));
            } finally {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the weights cannot be written", e);
        }
    }

    private static Map<String, FloatTensor> replaced(TrainedModel model) {
        return model.tuned()
                .<Map<String, FloatTensor>>map(backbone -> backbone.tuned().parameters())
                .orElse(Map.of());
    }

    private void putPredictions(TrainedModel model, String prefix, Map<String, ModelCard.BundleFile> listed) {
        try (PredictionsFile predictions = PredictionsFile.write(scratch, model.evaluation(), model.partition())) {
            listed.put(BundleFiles.PREDICTIONS, predictions.listed());
            store.put(prefix + BundleFiles.PREDICTIONS, predictions.content());
        } catch (IOException e) {
            throw new UncheckedIOException("the predictions cannot be written", e);
        }
    }

    /// The whole network as a file, and what it answers to the images of the self-test.
    private record ExportedNetwork(byte[] bytes, ModelCard.SelfTest selfTest) {}

    private ExportedNetwork network(TrainedModel model) {
        ChosenExtractor extractor = model.extractor();
        Backbone backbone = extractor.backbone();
        Map<String, String> metadata = Map.of(
                "labels",
                compactJson(model.partition().labels()),
                "precision",
                extractor.identity().precision().toString());
        try (Safetensors file = Extractors.weights(weights, extractor)) {
            OnnxModel network = BackboneExport.classifier(
                    backbone,
                    extractor.network(),
                    file.with(replaced(model)),
                    extractor.quantisation(),
                    HeadFile.forExport(model.head()),
                    metadata);
            return new ExportedNetwork(network.toBytes(), selfTest(model, network));
        }
    }

    /// Asks the exported network itself, which is what will be served.
    private static ModelCard.SelfTest selfTest(TrainedModel model, OnnxModel network) {
        int inputSize = model.extractor().backbone().preprocessing().inputSizePixels();
        byte[] pixels = ModelCard.SelfTest.pixels(SELF_TEST_SEED, SELF_TEST_IMAGES, inputSize);
        try (PixelClassifier classifier = PixelClassifier.load(network, 1)) {
            List<List<Double>> probabilities = new ArrayList<>();
            for (float[] answer : classifier.classify(pixels)) {
                List<Double> row = new ArrayList<>();
                for (float probability : answer) {
                    row.add((double) probability);
                }
                probabilities.add(row);
            }
            return new ModelCard.SelfTest(SELF_TEST_SEED, probabilities);
        }
    }

    private static ModelDescription description(
            TrainedModel model, Map<String, ModelCard.BundleFile> files, ModelCard.SelfTest selfTest) {
        Lineage lineage = model.lineage();
        ChosenExtractor extractor = model.extractor();
        dev.graft.vision.Preprocessing recipe = extractor.backbone().preprocessing();
        Evaluation evaluation = model.evaluation();
        Interval interval = evaluation.accuracyInterval();
        return new ModelDescription(
                model.name(),
                model.version(),
                lineage.runId(),
                lineage.startedAt(),
                new ModelDescription.Dataset(lineage.datasetName(), lineage.datasetVersion(), lineage.manifestDigest()),
                extractor.backbone().name(),
                extractor.backbone().lineage(),
                new ModelDescription.ExtractorIdentity(
                        lineage.extractorDigest(),
                        extractor.identity().weightsSha256(),
                        extractor.layer().toString(),
                        extractor.identity().preprocessingDigest(),
                        extractor.identity().precision().toString(),
                        model.head().layers().getFirst().inFeatures()),
                new ModelCard.Preprocessing(
                        recipe.inputSizePixels(),
                        recipe.cropFraction(),
                        recipe.interpolation().wireName(),
                        recipe.mean(),
                        recipe.std()),
                model.partition().labels(),
                model.spec(),
                model.tuned().map(ModelBundles::fineTuning).orElse(null),
                new ModelDescription.Learned(
                        model.architecture(),
                        model.head().steps(),
                        model.head().strength(),
                        model.head().temperature(),
                        model.head().heldOutAccuracy(),
                        model.partition().learning().size()),
                new ModelDescription.Metrics(
                        model.partition().source().name(),
                        evaluation.images(),
                        evaluation.accuracy(),
                        interval.low(),
                        interval.high(),
                        evaluation.topFiveAccuracy(),
                        evaluation.logLoss(),
                        confusion(evaluation)),
                files,
                selfTest);
    }

    private static @Nullable List<List<Long>> confusion(Evaluation evaluation) {
        return evaluation.classes() > MATRIX_CLASSES_MAX ? null : evaluation.confusion();
    }

    private static ModelDescription.FineTuning fineTuning(TunedBackbone backbone) {
        Comparison comparison = backbone.comparison();
        return new ModelDescription.FineTuning(
                backbone.settings().stages(),
                backbone.settings().augment(),
                backbone.settings().augmentVariants(),
                backbone.parameters(),
                backbone.tuned().head().steps(),
                backbone.tuned().bestEpoch(),
                backbone.before().accuracy(),
                comparison.difference(),
                comparison.interval().low(),
                comparison.interval().high(),
                comparison.probability(),
                comparison.rightAfter(),
                comparison.rightBefore(),
                confusion(backbone.before()),
                backbone.tuned().head().curve(),
                backbone.headBefore().curve());
    }

    private static String compactJson(Object value) {
        try {
            return JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value cannot be written as JSON", e);
        }
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value cannot be written as JSON", e);
        }
    }
}
