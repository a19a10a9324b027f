package dev.graft.ingest.version;

import dev.graft.ingest.dataset.Census;
import dev.graft.ingest.dataset.CountsConverter;
import dev.graft.ingest.dataset.Dataset;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.hibernate.annotations.Immutable;

/// A frozen version of a dataset.
@Entity
@Immutable
@IdClass(DatasetVersion.Key.class)
@Table(name = "dataset_version")
@SuppressWarnings("NullAway.Init")
class DatasetVersion {
    @Id
    long datasetId;

    @Id
    @Column(name = "version")
    int number;

    String manifestKey;
    String manifestDigest;
    long images;

    @Convert(converter = CountsConverter.class)
    Map<String, Long> classes;

    @Convert(converter = CountsConverter.class)
    Map<String, Long> splits;

    Instant frozenAt;

    /// For the persistence provider.
    protected DatasetVersion() {}

    DatasetVersion(Dataset dataset, int number, String manifestKey, String manifestDigest, Census census) {
        this.datasetId = dataset.id();
        this.number = number;
        this.manifestKey = manifestKey;
        this.manifestDigest = manifestDigest;
        this.images = census.images();
        this.classes = census.classes();
        this.splits = census.splits();
        // As precise as the row, so that it reads the same at once and later.
        this.frozenAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /// Names a version.
    record Key(long datasetId, int number) implements Serializable {}

    VersionView view(Dataset dataset) {
        return new VersionView(dataset.name(), number, manifestKey, manifestDigest, images, classes, splits, frozenAt);
    }
}
