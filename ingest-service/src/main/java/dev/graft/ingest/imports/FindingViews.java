package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.imports.ImportView.Leak;
import dev.graft.ingest.imports.ImportView.Reason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// Reads what imports recorded for their users beside the refused files themselves. Every method works in the caller's
/// transaction.
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

    Uni<Findings> of(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery("""
                        select kind, files, example_file, example_detail from import_finding
                        where import_id = :id order by files desc, kind""", Object[].class)
                .setParameter("id", importId)
                .getResultList()
                .chain(rows -> {
                    List<Reason> all = rows.stream().map(FindingViews::reason).toList();
                    List<Reason> reasons = all.stream()
                            .filter(reason -> !reason.type().equals("leak"))
                            .toList();
                    long leaks = all.stream()
                            .filter(reason -> reason.type().equals("leak"))
                            .mapToLong(Reason::files)
                            .sum();
                    return leaks == 0
                            ? Uni.createFrom().item(new Findings(reasons, List.of(), 0))
                            : leaks(session, importId).map(named -> new Findings(reasons, named, leaks));
                });
    }

    private static Reason reason(Object[] row) {
        return new Reason((String) row[0], ((Number) row[1]).longValue(), (String) row[2], (String) row[3]);
    }

    private Uni<List<Leak>> leaks(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery("""
                        select file_name, label, split, kept_file_name, kept_split from import_leak
                        where import_id = :id order by ordinal""", Object[].class)
                .setParameter("id", importId)
                .setMaxResults(listed)
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new Leak(
                                (String) row[0], (String) row[1], (String) row[2], (String) row[3], (String) row[4]))
                        .toList());
    }
}
