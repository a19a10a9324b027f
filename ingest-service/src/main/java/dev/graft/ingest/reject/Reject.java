package dev.graft.ingest.reject;

import dev.graft.contracts.Split;
import dev.graft.ingest.dataset.Dataset;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/// A refused file. Rows are inserted many at a time, by a statement.
@Entity
@DynamicUpdate
@Table(name = "reject")
@SuppressWarnings("NullAway.Init")
public class Reject {
    @Id
    UUID id;

    /// Its place in the order of refusals, given by the database.
    @Column(insertable = false, updatable = false)
    long seq;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    Dataset dataset;

    @Nullable
    UUID importId;

    /// Its place in the import's archive.
    @Nullable
    Long ordinal;

    @Nullable
    String fileName;

    @Nullable
    String label;

    @Nullable
    Split split;

    String problemType;
    String detail;

    /// Where its bytes are; absent when they are not kept.
    @Nullable
    String objectKey;

    Instant rejectedAt;

    @Nullable
    String replayedAs;

    /// For the persistence provider.
    protected Reject() {}

    /// Gives the name that the sender gave the file.
    public @Nullable String fileName() {
        return fileName;
    }

    /// Gives the problem's URI.
    public String problemType() {
        return problemType;
    }

    /// Gives what is wrong with the file.
    public String detail() {
        return detail;
    }

    /// Records what another try made of the file.
    void replayedAs(String imageId) {
        replayedAs = imageId;
    }

    /// Describes the refusal; its dataset must have been fetched.
    RejectView view() {
        return new RejectView(
                id,
                dataset.name(),
                importId,
                fileName,
                label,
                split == null ? null : split.wireName(),
                problemType,
                detail,
                objectKey != null,
                replayedAs,
                rejectedAt);
    }
}
