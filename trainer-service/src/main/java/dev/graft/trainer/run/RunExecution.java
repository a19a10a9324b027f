package dev.graft.trainer.run;

import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.ManifestEntry;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.AttemptOverException;
import dev.graft.problem.ProblemException;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.dataset.Datasets;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Embeddings;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.stage.EvaluationStage;
import dev.graft.trainer.stage.FineTuneStage;
import dev.graft.trainer.stage.HeadStage;
import dev.graft.trainer.stage.Material;
import dev.graft.trainer.stage.Stage;
import dev.graft.weightstore.ChosenExtractor;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// Takes a run whose embeddings are complete to its end, stage by stage. A stage that an earlier attempt
/// finished is not done again; the last, publication, ends the run, and nothing of the attempt comes after it.
@ApplicationScoped
class RunExecution {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Datasets datasets;
    private final Embeddings embeddings;
    private final WeightStore weights;
    private final List<Stage> stages;
    private final StageOutputs outputs;
    private final Publication publication;
    private final RunChanges changes;
    private final RunMetrics metrics;
    private final TrainerConfig config;

    RunExecution(
            Datasets datasets,
            Embeddings embeddings,
            WeightStore weights,
            HeadStage head,
            FineTuneStage fineTuning,
            EvaluationStage evaluation,
            StageOutputs outputs,
            Publication publication,
            RunChanges changes,
            RunMetrics metrics,
            TrainerConfig config) {
        this.datasets = datasets;
        this.embeddings = embeddings;
        this.weights = weights;
        this.stages = List.of(head, fineTuning, evaluation);
        this.outputs = outputs;
        this.publication = publication;
        this.changes = changes;
        this.metrics = metrics;
        this.config = config;
    }

    /// Does the work. Blocks.
    ///
    /// @throws ProblemException when the run cannot succeed
    /// @throws AttemptOverException when it is not this attempt's any more
    void execute(Attempt attempt, TrainingRun run) {
        long startNanos = System.nanoTime();
        RunSpec spec = run.spec();
        ChosenExtractor extractor =
                Extractors.chosen(weights, spec.extractor(), run.lineage().extractorDigest());
        Material material = material(run, spec, extractor);
        RunProgress progress = new RunProgress(attempt, changes, config.progressInterval());
        Map<String, StageOutput> finished = outputs.finished(run.id());
        if (finished.isEmpty()) {
            metrics.stage("embedding", Duration.between(run.createdAt, Objects.requireNonNull(run.embeddedAt)));
        }
        List<Stage> wanted =
                stages.stream().filter(stage -> stage.isWanted(material)).toList();
        double before = wanted.stream()
                .mapToDouble(stage -> StageOutputs.secondsKept(finished, stage.name()))
                .sum();
        Map<String, byte[]> results = new LinkedHashMap<>();
        for (Stage stage : wanted) {
            byte[] result = Optional.ofNullable(finished.get(stage.name()))
                    .flatMap(outputs::read)
                    .orElseGet(() -> compute(attempt, stage, material, results, finished, progress));
            results.put(stage.name(), result);
        }
        DoubleSupplier training = secondsSince(startNanos, before);
        publication.publish(attempt, run, extractor, material.partition(), results, progress, training);
    }

    /// Gives seconds that grow from now on.
    ///
    /// @param before those of earlier attempts
    private static DoubleSupplier secondsSince(long startNanos, double before) {
        return () -> before + (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    }

    private Material material(TrainingRun run, RunSpec spec, ChosenExtractor extractor) {
        Map<String, EmbeddingLocation> index = embeddings.index(run.embeddingIndex());
        List<ManifestEntry> usable = datasets.manifest(run.manifestKey, run.manifestDigest).stream()
                .filter(entry -> index.containsKey(entry.imageId()))
                .toList();
        Partition partition = Partition.of(usable, spec.seed(), spec.testFraction());
        return new Material(
                spec.headSettings(partition.labels()),
                spec.head(),
                Optional.ofNullable(spec.fineTune()),
                partition,
                index,
                extractor);
    }

    private byte[] compute(
            Attempt attempt,
            Stage stage,
            Material material,
            Map<String, byte[]> earlier,
            Map<String, StageOutput> finished,
            RunProgress progress) {
        long startNanos = System.nanoTime();
        DoubleSupplier seconds = secondsSince(startNanos, StageOutputs.secondsKept(finished, stage.name()));
        progress.begin(stage.phase(), stage.total(material));
        byte[] result = stage.compute(
                material,
                earlier,
                outputs.checkpoints(attempt, stage.name(), seconds),
                now -> progress.advance(stage.phase(), now));
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        attempt.check();
        outputs.write(attempt, stage.name(), result, seconds.getAsDouble());
        metrics.stage(stage.name(), elapsed);
        return result;
    }
}
