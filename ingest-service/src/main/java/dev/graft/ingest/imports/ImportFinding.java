package dev.graft.ingest.imports;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// How many files of an import were refused for one reason, or are leaks. It is counted by statements only, a
/// chunk of files at a time.
@Entity
@Immutable
@IdClass(ImportFinding.Key.class)
@Table(name = "import_finding")
@SuppressWarnings("NullAway.Init")
class ImportFinding {
    private static final String LEAK = "leak";

    @Id
    UUID importId;

    /// A problem's URI, or `leak`.
    @Id
    String kind;

    long files;

    @Nullable
    String exampleFile;

    @Nullable
    String exampleDetail;

    /// For the persistence provider.
    protected ImportFinding() {}

    /// Names a finding.
    record Key(UUID importId, String kind) implements Serializable {}

    boolean isLeak() {
        return kind.equals(LEAK);
    }

    long files() {
        return files;
    }

    ImportView.Reason view() {
        return new ImportView.Reason(kind, files, exampleFile, exampleDetail);
    }
}
