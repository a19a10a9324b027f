package dev.graft.ingest.imports;

import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.intake.Addition;
import dev.graft.ingest.intake.Additions;
import dev.graft.ingest.intake.Checked;
import dev.graft.ingest.intake.ImageMetrics;
import dev.graft.ingest.intake.ImageStore;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/// Moves a claimed import on, one transaction a step. An attempt that lost its lease moves nothing.
@Singleton
class ImportProgress {
    private final ImportJobs jobs;
    private final Datasets datasets;
    private final Additions additions;
    private final ImageStore store;
    private final ImageMetrics metrics;

    ImportProgress(ImportJobs jobs, Datasets datasets, Additions additions, ImageStore store, ImageMetrics metrics) {
        this.jobs = jobs;
        this.datasets = datasets;
        this.additions = additions;
        this.store = store;
        this.metrics = metrics;
    }

    /// Records how many files there are.
    void plan(ImportWork work, long total) {
        work.attempt().publish(session -> jobs.change(session, work.importId(), job -> job.plan(total)));
    }

    /// Stores the bytes of a chunk; then adds its images, moves the job past it and publishes, all or nothing.
    void commit(ImportWork work, List<Checked> chunk) {
        store.keep(chunk);
        metrics.count(work.attempt().advance(session -> commit(session, work, chunk)));
    }

    private Uni<List<Addition>> commit(Mutiny.Session session, ImportWork work, List<Checked> chunk) {
        return datasets.hold(session, work.dataset())
                .chain(() -> jobs.get(session, work.importId()))
                .chain(job -> additions
                        .add(
                                session,
                                work.dataset(),
                                chunk.stream().map(Checked::candidate).toList(),
                                new Additions.Origin(work.importId(), job.nextOrdinal()))
                        .invoke(added -> job.advance(tally(added))))
                .call(session::flush);
    }

    private static ImportJob.Tally tally(List<Addition> additions) {
        long accepted = 0;
        long duplicates = 0;
        long rejected = 0;
        for (Addition addition : additions) {
            switch (addition) {
                case Addition.Accepted _ -> accepted++;
                case Addition.Duplicate _ -> duplicates++;
                case Addition.Rejected _ -> rejected++;
            }
        }
        return new ImportJob.Tally(accepted, duplicates, rejected);
    }

    /// Ends the job.
    void complete(ImportWork work) {
        work.attempt()
                .succeed(session -> datasets.census(session, work.dataset().id())
                        .chain(census -> jobs.change(session, work.importId(), job -> job.complete(census.classes()))));
    }
}
