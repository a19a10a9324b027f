package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.imports.ImportView.RejectedFile;
import dev.graft.ingest.reject.Rejects;
import dev.graft.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// Reads imports for clients. Every method works in the caller's transaction.
@Singleton
class ImportViews {
    private final ImportJobs jobs;
    private final Rejects rejects;
    private final FindingViews findings;
    private final int listedRejects;

    ImportViews(ImportJobs jobs, Rejects rejects, FindingViews findings, IngestConfig config) {
        this.jobs = jobs;
        this.rejects = rejects;
        this.findings = findings;
        this.listedRejects = config.imports().listedRejects();
    }

    /// Describes an import.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<ImportView> get(Mutiny.Session session, UUID importId) {
        return summary(session, importId).chain(summary -> detailed(session, summary));
    }

    /// Describes an import without what was found in its files.
    ///
    /// @throws ProblemException (by the result) when there is none
    Uni<ImportView> summary(Mutiny.Session session, UUID importId) {
        return jobs.get(session, importId).map(ImportJob::view);
    }

    /// Adds to an import, as it was described, its refused files, their reasons and its leaks, as far as a view
    /// lists them.
    Uni<ImportView> detailed(Mutiny.Session session, ImportView summary) {
        return rejected(session, summary.id(), summary.rejectedTotal())
                .chain(rejected -> findings.of(session, summary.id()).map(found -> summary.with(rejected, found)));
    }

    private Uni<List<RejectedFile>> rejected(Mutiny.Session session, UUID importId, long count) {
        if (count == 0) {
            return Uni.createFrom().item(List.of());
        }
        return rejects.ofImport(session, importId, (int) Math.min(count, listedRejects))
                .map(found -> found.stream()
                        .map(reject -> new RejectedFile(reject.fileName(), reject.problemType(), reject.detail()))
                        .toList());
    }
}
