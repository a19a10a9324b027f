package dev.graft.ingest.imports;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.archive.ArchiveException;
import dev.graft.ingest.archive.ArchiveLimits;
import dev.graft.ingest.archive.ArchiveReader;
import dev.graft.ingest.intake.Checked;
import dev.graft.ingest.intake.ImageChecker;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Brings a claimed import to its end: looks through the archive to learn its layout and its equal files, then
/// deals with its files chunk by chunk. While a chunk is stored and committed the next is read and decoded; no
/// more than these two are in memory.
@Singleton
class ImportRun {
    private final ImageChecker checker;
    private final ImportProgress progress;
    private final IngestConfig.Imports bounds;
    private final ArchiveLimits limits;

    ImportRun(ImageChecker checker, ImportProgress progress, IngestConfig config) {
        this.checker = checker;
        this.progress = progress;
        this.bounds = config.imports();
        this.limits = new ArchiveLimits(
                config.archives().maxEntries(),
                config.archives().maxUnpackedBytes(),
                config.decode().maxFileSizeBytes());
    }

    /// Works until the import is done.
    ///
    /// @param file the import's archive on this machine's disk
    /// @throws ArchiveException   when the archive cannot be imported
    /// @throws dev.graft.jobs.AttemptOverException when the attempt is over
    /// @throws IOException        when the disk fails
    void run(ImportWork work, Path file) throws ArchiveException, IOException, InterruptedException {
        ArchiveReader.Survey survey = ArchiveReader.survey(file, limits);
        progress.plan(work, survey.files());
        Places places = new Places(survey.layout());
        Copies copies = Copies.of(file, limits, survey.repeated(), places);
        try (ArchiveReader archive = ArchiveReader.open(file, limits);
                ExecutorService commits = Executors.newVirtualThreadPerTaskExecutor()) {
            ChunkReader chunks = new ChunkReader(archive, places, copies, checker, bounds, work);
            Future<?> previous = CompletableFuture.completedFuture(null);
            for (List<Checked> chunk = chunks.next(); !chunk.isEmpty(); chunk = chunks.next()) {
                finish(previous);
                List<Checked> current = chunk;
                previous = commits.submit(() -> progress.commit(work, current));
                if (chunks.isAmongSuspects()) {
                    finish(previous);
                }
            }
            finish(previous);
        }
        progress.complete(work);
    }

    private static void finish(Future<?> commit) throws InterruptedException {
        try {
            commit.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a chunk of an import was not committed", failed.getCause());
        }
    }
}
