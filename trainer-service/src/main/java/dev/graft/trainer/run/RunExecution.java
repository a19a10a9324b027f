package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.Sha256;
import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.dataset.Datasets;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Embeddings;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadForward;
import dev.graft.trainer.head.HeadTrainer;
import dev.graft.trainer.head.LearningSet;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.HeadFile;
import dev.graft.trainer.model.ModelBundles;
import dev.graft.trainer.model.NewVersion;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.report.ReportWriter;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/// Takes a run whose embeddings are complete to its end.
///
/// Begins at the beginning whatever phase an earlier attempt reached; but the head that was trained first
/// stands, in object storage, so that every attempt comes to the same result.
@ApplicationScoped
class RunExecution {
    private static final Logger LOG = Logger.getLogger(RunExecution.class);
    private static final int MAX_HEAD_BYTES = 1 << 30;

    private final RunStore runs;
    private final Datasets datasets;
    private final Embeddings embeddings;
    private final ObjectStore store;
    private final WeightStore weights;
    private final ModelBundles bundles;
    private final ReportWriter reports;
    private final TrainerConfig config;

    RunExecution(
            RunStore runs,
            Datasets datasets,
            Embeddings embeddings,
            ObjectStore store,
            WeightStore weights,
            ModelBundles bundles,
            ReportWriter reports,
            TrainerConfig config) {
        this.runs = runs;
        this.datasets = datasets;
        this.embeddings = embeddings;
        this.store = store;
        this.weights = weights;
        this.bundles = bundles;
        this.reports = reports;
        this.config = config;
    }

    /// Does the work. Blocks.
    ///
    /// @throws ProblemException when the run cannot succeed
    /// @throws LeaseLostException when it is not this process's any more
    void execute(LeasedRun leased) {
        Instant begun = Instant.now();
        TrainingRun run = leased.run();
        RunSpec spec = run.spec();
        RunProgress progress = new RunProgress(runs, leased, config.progressInterval());
        progress.begin(Phase.TRAINING, 1);
        ChosenExtractor extractor =
                Extractors.chosen(weights, spec.extractor(), run.lineage().extractorDigest());
        Map<String, EmbeddingLocation> index = embeddings.index(run.embeddingIndex());
        List<ManifestEntry> usable = datasets.manifest(run.manifestKey, run.manifestDigest).stream()
                .filter(entry -> index.containsKey(entry.imageId()))
                .toList();
        Partition partition = Partition.of(usable, spec.seed(), spec.testFraction());
        int dimension = Math.toIntExact(extractor.network().outputShape().elements());

        byte[] headFile = headFile(run, spec, partition, index, dimension, progress);
        TrainedHead head = HeadFile.read(headFile);

        progress.begin(Phase.EVALUATING, partition.evaluation().size());
        Evaluation evaluation = evaluate(head, partition, index, dimension);
        progress.advance(Phase.EVALUATING, evaluation.pictures(), evaluation.pictures(), null, evaluation.accuracy());

        progress.begin(Phase.PUBLISHING, 1);
        int number = runs.allocateVersion(leased);
        TrainedModel model = new TrainedModel(
                run.model, number, run.lineage(), spec, spec.head(), extractor, partition, head, headFile, evaluation);
        NewVersion version = bundles.write(model, reports.html(model, run.embeddingsFailed));
        TrainingRunView.Result result = result(run, partition, head, headFile, evaluation, begun);
        runs.succeed(leased, version, result, spec.promote());
        LOG.infof(
                "Run succeeded runId=%s modelName=%s modelVersion=%d testAccuracy=%s elapsedMillis=%d",
                run.id(),
                run.model,
                number,
                evaluation.accuracy(),
                Duration.between(begun, Instant.now()).toMillis());
    }

    /// Trains the head, or reads the one that an earlier attempt trained.
    private byte[] headFile(
            TrainingRun run,
            RunSpec spec,
            Partition partition,
            Map<String, EmbeddingLocation> index,
            int dimension,
            RunProgress progress) {
        String key = "training-runs/%s/head.safetensors".formatted(run.id());
        if (store.exists(key)) {
            return store.read(key, MAX_HEAD_BYTES);
        }
        byte[] trained =
                HeadFile.write(train(spec, partition, index, dimension, progress), partition.labels(), spec.head());
        ObjectContent content = ObjectContent.of(trained, "application/octet-stream");
        if (trained.length > ObjectContent.MAX_CONDITIONAL_SIZE_BYTES) {
            store.put(key, content);
            return trained;
        }
        return store.putIfAbsent(key, content) ? trained : store.read(key, MAX_HEAD_BYTES);
    }

    private TrainedHead train(
            RunSpec spec,
            Partition partition,
            Map<String, EmbeddingLocation> index,
            int dimension,
            RunProgress progress) {
        List<String> imageIds =
                partition.learning().stream().map(Partition.Example::imageId).toList();
        int parallelism = config.parallelism().orElseGet(Runtime.getRuntime()::availableProcessors);
        try (FeatureMatrix features = embeddings.read(imageIds, index, dimension)) {
            LearningSet set = new LearningSet(
                    features,
                    labels(partition.learning()),
                    partition.labels().size(),
                    imageIds,
                    partition.validation());
            return new HeadTrainer(parallelism)
                    .train(
                            set,
                            spec.headSettings(),
                            (done, total, loss, accuracy) ->
                                    progress.advance(Phase.TRAINING, done, total, loss, accuracy));
        }
    }

    private Evaluation evaluate(
            TrainedHead head, Partition partition, Map<String, EmbeddingLocation> index, int dimension) {
        List<String> imageIds =
                partition.evaluation().stream().map(Partition.Example::imageId).toList();
        try (FeatureMatrix features = embeddings.read(imageIds, index, dimension)) {
            return Evaluation.of(
                    HeadForward.probabilities(head, features),
                    labels(partition.evaluation()),
                    partition.labels().size());
        }
    }

    private static int[] labels(List<Partition.Example> examples) {
        return examples.stream().mapToInt(Partition.Example::label).toArray();
    }

    private static TrainingRunView.Result result(
            TrainingRun run,
            Partition partition,
            TrainedHead head,
            byte[] headFile,
            Evaluation evaluation,
            Instant begun) {
        Instant now = Instant.now();
        Instant embedded = Objects.requireNonNullElse(run.embeddedAt, begun);
        return new TrainingRunView.Result(
                evaluation.accuracy(),
                evaluation.topFiveAccuracy(),
                partition.labels(),
                evaluation.confusion(),
                head.steps(),
                Sha256.of(headFile),
                partition.source().name(),
                new TrainingRunView.Embeddings(run.embeddingsTotal, run.embeddingsCached, run.embeddingsComputed),
                new TrainingRunView.Seconds(
                        seconds(run.createdAt, embedded), seconds(begun, now), seconds(run.createdAt, now)));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
