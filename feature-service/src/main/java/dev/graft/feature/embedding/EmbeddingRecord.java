package dev.graft.feature.embedding;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/// Reads where an embedding lies. The rows of a segment are inserted together, and never changed.
@Entity
@Immutable
@Table(name = "embedding")
@IdClass(ImageKey.class)
@SuppressWarnings("NullAway.Init")
class EmbeddingRecord {
    @Id
    int extractorId;

    @Id
    String imageId;

    UUID segmentId;
    int rowNumber;

    /// For the persistence provider.
    protected EmbeddingRecord() {}
}
