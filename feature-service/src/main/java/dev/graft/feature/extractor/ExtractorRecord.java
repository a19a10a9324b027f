package dev.graft.feature.extractor;

import dev.graft.contracts.Precision;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// Reads an extractor's row: the number that stands for its digest in the large tables. It is written once,
/// and only the name of its weights ever changes.
@Entity
@Immutable
@Table(name = "extractor")
@SuppressWarnings("NullAway.Init")
class ExtractorRecord {
    @Id
    int id;

    String digest;
    String backbone;
    String layer;
    int inputSizePixels;

    @Enumerated(EnumType.STRING)
    Precision precision;

    int dimension;

    /// For the persistence provider.
    protected ExtractorRecord() {}

    KnownExtractor known() {
        return new KnownExtractor(id, digest, backbone, layer, inputSizePixels, precision, dimension);
    }
}
