package dev.graft.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.problem.Problem;
import dev.graft.trainer.model.Lineage;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A training run. Its row is changed by the statements of [TrainingRuns] only.
@Entity
@Table(name = "training_run")
@SuppressWarnings("NullAway.Init")
public class TrainingRun {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @Id
    String id;

    @Nullable
    String idempotencyKey;

    String fingerprint;
    String dataset;
    int datasetVersion;
    String manifestKey;
    String manifestDigest;
    String model;
    String spec;

    @Enumerated(EnumType.STRING)
    RunState state;

    long done;
    long total;

    @Nullable
    Double loss;

    @Nullable
    Double accuracy;

    @Nullable
    Integer epoch;

    @Nullable
    Integer step;

    @Nullable
    Double imagesPerSecond;

    @Nullable
    Double secondsLeft;

    long embeddingsTotal;
    long embeddingsCached;
    long embeddingsComputed;
    long embeddingsFailed;

    @Nullable
    String extractorDigest;

    @Nullable
    String indexKey;

    @Nullable
    Integer version;

    @Nullable
    String result;

    @Nullable
    String problem;

    Instant createdAt;

    @Nullable
    Instant embeddedAt;

    @Nullable
    Instant finishedAt;

    /// For the persistence provider.
    protected TrainingRun() {}

    String id() {
        return id;
    }

    RunSpec spec() {
        return read(spec, RunSpec.class);
    }

    /// Gives where the pictures' vectors lie.
    String embeddingIndex() {
        return Objects.requireNonNull(indexKey, "a run is worked on when its embeddings are complete");
    }

    Lineage lineage() {
        return new Lineage(
                id,
                createdAt,
                dataset,
                datasetVersion,
                manifestDigest,
                Objects.requireNonNull(extractorDigest, "a run is worked on when its embeddings are complete"));
    }

    TrainingRunView view() {
        TrainingRunView.Progress progress = state == RunState.QUEUED || state.isFinal()
                ? null
                : new TrainingRunView.Progress(
                        state.name(), done, total, loss, accuracy, epoch, step, imagesPerSecond, secondsLeft);
        return new TrainingRunView(
                id,
                dataset,
                datasetVersion,
                model,
                state == RunState.SUCCEEDED ? version : null,
                state,
                progress,
                spec(),
                result == null ? null : read(result, TrainingRunView.Result.class),
                state == RunState.FAILED ? problem() : null,
                createdAt,
                finishedAt);
    }

    /// Gives why the run failed, or will fail when a worker takes it up.
    @Nullable
    Problem problem() {
        return problem == null ? null : read(problem, Problem.class);
    }

    static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value cannot be written as JSON", e);
        }
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row holds JSON that is no " + type.getSimpleName(), e);
        }
    }
}
