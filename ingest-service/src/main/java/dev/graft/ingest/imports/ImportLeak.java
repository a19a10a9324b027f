package dev.graft.ingest.imports;

import dev.graft.contracts.Split;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A file of an import whose image lies in another split too, and is kept there. Rows are inserted by
/// statements only.
@Entity
@Immutable
@IdClass(ImportLeak.Key.class)
@Table(name = "import_leak")
@SuppressWarnings("NullAway.Init")
class ImportLeak {
    @Id
    UUID importId;

    /// The file's place in the archive.
    @Id
    long ordinal;

    @Nullable
    String fileName;

    String label;
    Split split;

    @Nullable
    String keptFileName;

    Split keptSplit;

    /// For the persistence provider.
    protected ImportLeak() {}

    /// Names a leak.
    record Key(UUID importId, long ordinal) implements Serializable {}

    ImportView.Leak view() {
        return new ImportView.Leak(fileName, label, split.wireName(), keptFileName, keptSplit.wireName());
    }
}
