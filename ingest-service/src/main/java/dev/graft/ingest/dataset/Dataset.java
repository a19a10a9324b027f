package dev.graft.ingest.dataset;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/// A dataset. Its row stays when it is deleted, because frozen versions outlive it.
@Entity
@DynamicUpdate
@Table(name = "dataset")
@SuppressWarnings("NullAway.Init")
public class Dataset {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    String name;

    @Column(updatable = false)
    Instant createdAt;

    @Nullable
    Instant deletedAt;

    boolean discarded;

    /// For the persistence provider.
    protected Dataset() {}

    /// Gives the number that rows refer to.
    public long id() {
        return id;
    }

    /// Gives the name by which clients know it.
    public String name() {
        return name;
    }

    Instant createdAt() {
        return createdAt;
    }

    /// Says whether it was deleted and its rows are being removed.
    public boolean isDiscarded() {
        return discarded;
    }

    /// Leaves the name, and marks the rows of this dataset for removal.
    ///
    /// @return a deleted dataset for the name, to be persisted after this one is flushed
    Dataset discard(Instant now) {
        Dataset heir = new Dataset();
        heir.name = name;
        heir.createdAt = now;
        heir.deletedAt = now;
        name = "discarded:" + id;
        deletedAt = now;
        discarded = true;
        return heir;
    }
}
