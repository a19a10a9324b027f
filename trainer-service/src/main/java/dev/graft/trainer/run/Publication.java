package dev.graft.trainer.run;

import dev.graft.contracts.Sha256;
import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.AttemptOverException;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.evaluation.Evaluation;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.ModelBundles;
import dev.graft.trainer.model.NewVersion;
import dev.graft.trainer.model.TrainedModel;
import dev.graft.trainer.report.ReportWriter;
import dev.graft.trainer.stage.EvaluationStage;
import dev.graft.trainer.stage.HeadFile;
import dev.graft.trainer.stage.HeadStage;
import dev.graft.weightstore.ChosenExtractor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
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
    /// @param results of the stages before, by name
    /// @param begun   when the work of this attempt began
    /// @throws AttemptOverException when the run is not this attempt's any more
    void publish(
            Attempt attempt,
            TrainingRun run,
            ChosenExtractor extractor,
            Partition partition,
            Map<String, byte[]> results,
            RunProgress progress,
            Instant begun) {
        long startNanos = System.nanoTime();
        progress.begin(Phase.PUBLISHING, 1);
        byte[] headFile = Objects.requireNonNull(results.get(HeadStage.NAME));
        TrainedHead head = HeadFile.read(headFile);
        Evaluation evaluation =
                EvaluationStage.read(Objects.requireNonNull(results.get(EvaluationStage.NAME)), partition);
        RunSpec spec = run.spec();
        int number = attempt.write(session -> changes.allocateVersion(session, run));
        TrainedModel model = new TrainedModel(
                run.model, number, run.lineage(), spec, spec.head(), extractor, partition, head, headFile, evaluation);
        try {
            NewVersion version = bundles.write(model, reports.html(model, run.embeddingsFailed));
            TrainingRunView.Result result = result(run, partition, head, headFile, evaluation, begun);
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
