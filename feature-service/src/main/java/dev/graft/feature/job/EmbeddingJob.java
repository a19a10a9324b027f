package dev.graft.feature.job;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a job's row. It is changed by statements only, so that counters never get lost between two writers:
/// see [EmbeddingJobs].
@Entity
@Table(name = "job")
@SuppressWarnings("NullAway.Init")
public class EmbeddingJob {
    @Id
    String id;

    @Nullable
    String manifestKey;

    @Nullable
    String imagesDigest;

    @Nullable
    String backbone;

    @Nullable
    String layer;

    @Nullable
    Integer inputSizePixels;

    @Enumerated(EnumType.STRING)
    Precision precision;

    @Nullable
    Integer extractorId;

    @Enumerated(EnumType.STRING)
    JobState state;

    long planned;
    long total;
    long cached;
    long computed;
    long failed;

    /// `computed + failed` as it was published last.
    @Column(name = "announced")
    long published;

    @Nullable
    @Column(name = "announced_at")
    Instant publishedAt;

    @Nullable
    String indexKey;

    @Nullable
    String detail;

    Instant requestedAt;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant finishedAt;

    /// For the persistence provider.
    protected EmbeddingJob() {}

    /// Gives the id that its asker chose.
    public String id() {
        return id;
    }

    /// Gives the choice as it was made.
    public ExtractorChoice choice() {
        return new ExtractorChoice(backbone, layer, inputSizePixels, precision);
    }

    /// Returns whether this is what `request` asks for.
    boolean answers(NewJob request) {
        return choice().equals(request.choice())
                && Objects.equals(manifestKey, request.manifestKey())
                && Objects.equals(imagesDigest, request.imagesDigest());
    }

    /// Returns whether every image has an embedding or a reason why not.
    boolean isSettled() {
        return cached + computed + failed == total;
    }
}
