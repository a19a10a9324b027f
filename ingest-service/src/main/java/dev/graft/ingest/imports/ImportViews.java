package dev.graft.ingest.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.imports.ImportView.RejectedFile;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Reads imports for clients. Every method works in the caller's transaction.
@Singleton
class ImportViews {
    private static final TypeReference<TreeMap<String, Long>> COUNTS = new TypeReference<>() {};

    private final IngestConfig config;
    private final ObjectMapper json;
    private final FindingViews findings;

    ImportViews(IngestConfig config, ObjectMapper json, FindingViews findings) {
        this.config = config;
        this.json = json;
        this.findings = findings;
    }

    /// Describes an import.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<ImportView> get(Mutiny.Session session, UUID importId) {
        return summary(session, importId).chain(summary -> detailed(session, summary));
    }

    private static Uni<Object[]> row(Mutiny.Session session, UUID importId) {
        return session.createNativeQuery("""
                        select d.name, j.state, j.accepted, j.duplicates, j.rejected, j.classes, j.total, j.detail,
                            cast(extract(epoch from coalesce(j.finished_at, now()) - j.created_at) as double precision)
                        from import_job j join dataset d on d.id = j.dataset_id where j.id = :id""", Object[].class)
                .setParameter("id", importId)
                .getResultList()
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw new ProblemException(
                                ProblemType.IMPORT_NOT_FOUND, "There is no import %s.".formatted(importId));
                    }
                    return rows.getFirst();
                });
    }

    /// Describes an import without what was found in its files.
    Uni<ImportView> summary(Mutiny.Session session, UUID importId) {
        return row(session, importId).map(row -> view(importId, row));
    }

    /// Adds to an import, as it was described, its refused files, their reasons and its leaks, as far as a view lists
    /// them.
    Uni<ImportView> detailed(Mutiny.Session session, ImportView summary) {
        return rejected(session, summary.id(), summary.rejectedTotal())
                .chain(rejected -> findings.of(session, summary.id()).map(found -> summary.with(rejected, found)));
    }

    private Uni<List<RejectedFile>> rejected(Mutiny.Session session, UUID importId, long count) {
        if (count == 0) {
            return Uni.createFrom().item(List.of());
        }
        return session.createNativeQuery(
                        "select file_name, problem_type, detail from reject where import_id = :id order by ordinal",
                        Object[].class)
                .setParameter("id", importId)
                .setMaxResults((int) Math.min(count, config.imports().listedRejects()))
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new RejectedFile((String) row[0], (String) row[1], (String) row[2]))
                        .toList());
    }

    private ImportView view(UUID importId, Object[] row) {
        long accepted = number(row[2]);
        long duplicates = number(row[3]);
        long rejectedTotal = number(row[4]);
        return new ImportView(
                importId,
                (String) row[0],
                state((String) row[1]),
                accepted + duplicates + rejectedTotal,
                accepted,
                duplicates,
                List.of(),
                rejectedTotal,
                List.of(),
                List.of(),
                0,
                counts((String) row[5]),
                row[6] == null ? null : number(row[6]),
                Math.round(((Number) row[8]).doubleValue() * 1e3) / 1e3,
                (String) row[7]);
    }

    /// Clients need not know that the archive lies on this side already, while it moves on to object storage.
    private static ImportState state(String stored) {
        return stored.equals("UPLOADING") ? ImportState.QUEUED : ImportState.valueOf(stored);
    }

    private Map<String, Long> counts(@Nullable String stored) {
        try {
            return stored == null ? Map.of() : json.readValue(stored, COUNTS);
        } catch (JsonProcessingException foreign) {
            throw new IllegalStateException("the counts of an import are not as they were written", foreign);
        }
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
