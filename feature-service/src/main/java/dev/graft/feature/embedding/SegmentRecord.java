package dev.graft.feature.embedding;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/// The row of a segment, which is written once.
@Entity
@Immutable
@Table(name = "segment")
@SuppressWarnings("NullAway.Init")
class SegmentRecord {
    @Id
    UUID id;

    int extractorId;
    String objectKey;
    int images;

    /// For the persistence provider.
    protected SegmentRecord() {}

    SegmentRecord(Segment segment, int extractorId, String objectKey) {
        this.id = segment.id();
        this.extractorId = extractorId;
        this.objectKey = objectKey;
        this.images = segment.imageIds().size();
    }
}
