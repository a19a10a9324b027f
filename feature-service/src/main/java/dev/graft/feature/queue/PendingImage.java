package dev.graft.feature.queue;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// Reads the row of an embedding that is to be computed. It is changed by set-wise statements only: see
/// [QueueSql].
@Entity
@Immutable
@Table(name = "pending")
@IdClass(PendingImage.Key.class)
@SuppressWarnings("NullAway.Init")
class PendingImage {
    /// Names a row: an image, and what its embedding is computed with.
    record Key(int extractorId, String imageId) implements Serializable {}

    @Id
    int extractorId;

    @Id
    String imageId;

    long position;

    @Nullable
    UUID claimId;

    boolean urgent;
    int attempts;
    int faults;

    /// For the persistence provider.
    protected PendingImage() {}
}
