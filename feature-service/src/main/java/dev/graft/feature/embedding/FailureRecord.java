package dev.graft.feature.embedding;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// Reads why an image has no embedding. The rows of a claim are inserted together.
@Entity
@Immutable
@Table(name = "failure")
@IdClass(ImageKey.class)
@SuppressWarnings("NullAway.Init")
class FailureRecord {
    @Id
    int extractorId;

    @Id
    String imageId;

    @Enumerated(EnumType.STRING)
    Failure.Reason reason;

    String detail;

    /// For the persistence provider.
    protected FailureRecord() {}

    Failure failure() {
        return new Failure(imageId, reason, detail);
    }
}
