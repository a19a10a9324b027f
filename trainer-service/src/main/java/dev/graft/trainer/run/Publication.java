package dev.graft.trainer.run;

import dev.graft.contracts.Sha256;
import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.AttemptOverException;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Comparison;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.ModelBundles;
import dev.graft.trainer.model.NewVersion;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.model.TunedBackbone;
import dev.graft.trainer.report.ReportWriter;
import dev.graft.trainer.stage.EvaluationStage;
import dev.graft.trainer.stage.FineTuneStage;
import dev.graft.trainer.stage.FineTunedFile;
import dev.graft.trainer.stage.HeadFile;
import dev.graft.trainer.stage.HeadStage;
import dev.graft.weightstore.ChosenExtractor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;

/// The last stage: writes the bundle and registers the model version, which ends the run.
///
/// The version's number is the run's own from its first attempt at publication on, and so is the place of its bundle:
/// an attempt that was over changes nothing there (see [ModelBundles]). What makes a version is its row, written behind
/// the fence with the end of the run.
@ApplicationScoped
class Publication {
    private static final Logger LOG = Logger.getLogger(Publication.class);

    private final RunChanges changes;
    private final ModelBundles bundles;
    private final ReportWriter reports;
    private final StageOutputs outputs;
    private final RunMetrics metrics;

    Publication(
            RunChanges changes, ModelBundles bundles, ReportWriter reports, StageOutputs outputs, RunMetrics metrics) {
        this.changes = changes;
        this.bundles = bundles;
        this.reports = reports;
        this.outputs = outputs;
        this.metrics = metrics;
    }

    /// Publishes. Blocks.
    ///
    /// @param results  of the stages before, by name
    /// @param training gives the seconds that attempts have worked on the run
    /// @throws AttemptOverException when the run is not this attempt's any more
    void publish(
            Attempt attempt,
            TrainingRun run,
            ChosenExtractor extractor,
            Partition partition,
            Map<String, byte[]> results,
            RunProgress progress,
            DoubleSupplier training) {
        long startNanos = System.nanoTime();
        progress.begin(Phase.PUBLISHING, 1);
        RunSpec spec = run.spec();
        byte[] evaluated = Objects.requireNonNull(results.get(EvaluationStage.NAME));
        Evaluation evaluation = EvaluationStage.read(evaluated, partition);
        byte[] firstHeadFile = Objects.requireNonNull(results.get(HeadStage.NAME));
        Optional<TunedBackbone> tuned = Optional.ofNullable(results.get(FineTuneStage.NAME))
                .map(file -> tuned(run, FineTunedFile.read(file), firstHeadFile, evaluated, evaluation, partition));
        byte[] headFile = tuned.map(
                        backbone -> HeadFile.write(backbone.tuned().head(), partition.labels(), spec.head()))
                .orElse(firstHeadFile);
        TrainedHead head = HeadFile.read(headFile);
        int number = attempt.write(session -> changes.allocateVersion(session, run));
        TrainedModel model = new TrainedModel(
                run.model,
                number,
                run.lineage(),
                spec,
                spec.head(),
                extractor,
                partition,
                tuned,
                head,
                headFile,
                evaluation);
        try {
            NewVersion version = bundles.write(model, files -> reports.html(model, run.embeddingsFailed, files));
            TrainingRunView.Result result = result(run, model, training.getAsDouble());
            Void unused = attempt.succeed(session -> changes.succeed(session, version, result, spec.promote()));
        } catch (RuntimeException e) {
            if (attempt.isOver() || e instanceof AttemptOverException) {
                outputs.removeWhereEnded(run.id(), attempt.token());
            }
            throw e;
        }
        metrics.stage("publication", Duration.ofNanos(System.nanoTime() - startNanos));
        metrics.ended(RunMetrics.Outcome.SUCCEEDED);
        LOG.infof(
                "Run succeeded runId=%s modelName=%s modelVersion=%d testAccuracy=%s",
                run.id(), run.model, number, evaluation.accuracy());
    }

    private TunedBackbone tuned(
            TrainingRun run,
            FineTuned tuned,
            byte[] headBefore,
            byte[] evaluated,
            Evaluation after,
            Partition partition) {
        Evaluation before = EvaluationStage.readBefore(evaluated, partition).orElseThrow();
        return new TunedBackbone(
                FineTuneStage.set(partition, run.spec().headSettings(partition.labels())),
                Objects.requireNonNull(run.spec().fineTune()),
                tuned,
                HeadFile.read(headBefore),
                before,
                Comparison.of(before, after),
                Objects.requireNonNull(outputs.finished(run.id()).get(FineTuneStage.NAME)).seconds);
    }

    private static TrainingRunView.Result result(TrainingRun run, TrainedModel model, double trainingSeconds) {
        Evaluation evaluation = model.evaluation();
        Instant now = Instant.now();
        Instant embedded = Objects.requireNonNull(run.embeddedAt);
        return new TrainingRunView.Result(
                evaluation.accuracy(),
                evaluation.topFiveAccuracy(),
                model.partition().labels(),
                evaluation.confusion(),
                model.head().steps(),
                Sha256.of(model.headFile()),
                model.partition().source().name(),
                new TrainingRunView.Embeddings(run.embeddingsTotal, run.embeddingsCached, run.embeddingsComputed),
                new TrainingRunView.Seconds(
                        seconds(run.createdAt, embedded), trainingSeconds, seconds(run.createdAt, now)),
                model.tuned().map(Publication::fineTuned).orElse(null));
    }

    private static TrainingRunView.FineTuned fineTuned(TunedBackbone backbone) {
        return new TrainingRunView.FineTuned(
                backbone.settings().stages(),
                backbone.parameters(),
                backbone.tuned().head().steps(),
                backbone.before().accuracy(),
                backbone.seconds());
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
