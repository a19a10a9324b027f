package dev.graft.ingest.imports;

import dev.graft.ingest.dataset.CountsConverter;
import dev.graft.ingest.dataset.Dataset;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/// An import of an archive. Once it is queued, only its job changes it, whose row is locked then, so that no
/// count is lost. Who works on it is kept by the kit for durable work.
@Entity
@DynamicUpdate
@Table(name = "import_job")
@SuppressWarnings("NullAway.Init")
class ImportJob {
    /// Where an import stands.
    enum State {
        /// The archive moves on to object storage.
        UPLOADING,
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED;

        /// Gives the state as clients see it: they need not know that the archive still moves.
        ImportState view() {
            return switch (this) {
                case UPLOADING, QUEUED -> ImportState.QUEUED;
                case RUNNING -> ImportState.RUNNING;
                case SUCCEEDED -> ImportState.SUCCEEDED;
                case FAILED -> ImportState.FAILED;
            };
        }
    }

    @Id
    UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    Dataset dataset;

    @Enumerated(EnumType.STRING)
    State state;

    boolean archivePresent;

    @Nullable
    Long total;

    long nextOrdinal;
    long accepted;
    long duplicates;
    long rejected;

    @Convert(converter = CountsConverter.class)
    @Nullable
    Map<String, Long> classes;

    @Nullable
    String detail;

    Instant createdAt;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant finishedAt;

    /// For the persistence provider.
    protected ImportJob() {}

    /// Gives the first file that is not dealt with, counted from 0 in the archive's order.
    long nextOrdinal() {
        return nextOrdinal;
    }

    /// Gives the dataset that the images are added to.
    Dataset dataset() {
        return dataset;
    }

    /// Notes that a worker has the import.
    void begin() {
        state = State.RUNNING;
        if (startedAt == null) {
            startedAt = Instant.now();
        }
    }

    /// Records how many files there are.
    void plan(long files) {
        total = files;
    }

    /// Moves past a chunk of files.
    void advance(Tally tally) {
        nextOrdinal += tally.files();
        accepted += tally.accepted();
        duplicates += tally.duplicates();
        rejected += tally.rejected();
    }

    /// Counts what became of a chunk of files.
    record Tally(long accepted, long duplicates, long rejected) {
        long files() {
            return accepted + duplicates + rejected;
        }
    }

    /// Ends the import: it has succeeded when an image of it is in the dataset, and has failed otherwise.
    ///
    /// @param classesAfter how many images of each label the dataset has now
    void complete(Map<String, Long> classesAfter) {
        boolean useful = accepted + duplicates > 0;
        state = useful ? State.SUCCEEDED : State.FAILED;
        if (!useful) {
            detail = rejected > 0
                    ? "The archive holds no picture that can be used: every file was rejected."
                    : "The archive holds no pictures.";
        }
        classes = classesAfter;
        finishedAt = Instant.now();
    }

    /// Ends the import without success.
    ///
    /// @param reason in a sentence for users
    void fail(String reason) {
        state = State.FAILED;
        detail = reason;
        finishedAt = Instant.now();
    }

    /// Describes the import without what was found in its files.
    ImportView view() {
        return new ImportView(
                id,
                dataset.name(),
                state.view(),
                accepted + duplicates + rejected,
                accepted,
                duplicates,
                List.of(),
                rejected,
                List.of(),
                List.of(),
                0,
                classes == null ? Map.of() : classes,
                total,
                seconds(),
                detail);
    }

    private double seconds() {
        Duration since = Duration.between(createdAt, finishedAt == null ? Instant.now() : finishedAt);
        return Math.max(0, since.toMillis()) / 1e3;
    }
}
