package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.imports.ImportView.Leak;
import dev.graft.ingest.imports.ImportView.Reason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// Reads what imports recorded for their users beside the refused files themselves. Every method works in the
/// caller's transaction.
@Singleton
class FindingViews {
    private final int listed;

    FindingViews(IngestConfig config) {
        this.listed = config.imports().listedRejects();
    }

    /// @param reasons    the commonest first
    /// @param leaks      the first in the archive's order
    /// @param leaksTotal how many there are
    record Findings(List<Reason> reasons, List<Leak> leaks, long leaksTotal) {}

    /// Reads what was recorded of an import.
    Uni<Findings> of(Mutiny.Session session, UUID importId) {
        return session.createSelectionQuery(
                        "from ImportFinding where importId = :id order by files desc, kind", ImportFinding.class)
                .setParameter("id", importId)
                .getResultList()
                .chain(all -> {
                    List<Reason> reasons = all.stream()
                            .filter(finding -> !finding.isLeak())
                            .map(ImportFinding::view)
                            .toList();
                    long leaks = all.stream()
                            .filter(ImportFinding::isLeak)
                            .mapToLong(ImportFinding::files)
                            .sum();
                    return leaks == 0
                            ? Uni.createFrom().item(new Findings(reasons, List.of(), 0))
                            : leaks(session, importId).map(named -> new Findings(reasons, named, leaks));
                });
    }

    private Uni<List<Leak>> leaks(Mutiny.Session session, UUID importId) {
        return session.createSelectionQuery("from ImportLeak where importId = :id order by ordinal", ImportLeak.class)
                .setParameter("id", importId)
                .setMaxResults(listed)
                .getResultList()
                .map(found -> found.stream().map(ImportLeak::view).toList());
    }
}
