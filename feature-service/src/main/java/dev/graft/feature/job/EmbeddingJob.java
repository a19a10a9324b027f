package dev.graft.feature.job;

import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.Precision;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// Reads a job's row. It is changed by statements only, so that counters never get lost between two writers.
@Entity
@Immutable
@Table(name = "job")
@SuppressWarnings("NullAway.Init")
public class EmbeddingJob {
    @Id
    String id;

    @Nullable
    String manifestKey;

    @Nullable
    String imageIds;

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

    long total;
    long cached;
    long computed;
    long failed;

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

    /// Gives the pictures that were listed in the request; empty when a manifest lists them.
    public List<String> listedImageIds() {
        return imageIds == null ? List.of() : List.of(imageIds.split(",", -1));
    }

    /// Tells whether this is what `request` asks for.
    boolean answers(NewJob request) {
        return choice().equals(request.choice())
                && Objects.equals(manifestKey, request.manifestKey())
                && listedImageIds().equals(request.imageIds());
    }
}
