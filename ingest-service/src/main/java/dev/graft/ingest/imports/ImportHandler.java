package dev.graft.ingest.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.TemporaryFiles;
import dev.graft.ingest.archive.ArchiveException;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.JobFailedException;
import dev.graft.jobs.JobHandler;
import dev.graft.jobs.JobKind;
import dev.graft.jobs.TryLaterException;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/// Works on imports as jobs: fetches the archive, runs the import, and says what a fault means for it.
@ApplicationScoped
class ImportHandler implements JobHandler {
    private static final Logger LOG = Logger.getLogger(ImportHandler.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);
    private static final int MAX_OPEN = 10_000;

    /// Each such file costs several attempts, and perhaps as many lives of the process.
    private static final int MAX_UNCHECKABLE = 10;

    private final ImportRun run;
    private final ImportJobs imports;
    private final ImportViews views;
    private final ImportArchives archives;
    private final ObjectMapper json;
    private final JobKind kind;

    ImportHandler(
            ImportRun run,
            ImportJobs imports,
            ImportViews views,
            ImportArchives archives,
            ObjectMapper json,
            IngestConfig config) {
        this.run = run;
        this.imports = imports;
        this.views = views;
        this.archives = archives;
        this.json = json;
        this.kind = new JobKind(
                ImportJobs.KIND,
                config.imports().workers(),
                config.imports().lease(),
                config.imports().pollInterval(),
                // In the last one, the file at which those before ended is refused.
                ChunkReader.attemptsBeforeRefusal(config.imports()) + 1,
                MAX_OPEN);
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(Attempt attempt) throws InterruptedException, IOException {
        ImportWork work = attempt.write(session -> imports.work(session, attempt));
        long uncheckable = attempt.write(session -> imports.uncheckable(session, work.importId()));
        if (uncheckable >= MAX_UNCHECKABLE) {
            throw new JobFailedException(
                    "The checks of %d files in it broke off, so that the fault is not theirs. The service's log says more."
                            .formatted(uncheckable));
        }
        try {
            work(work);
        } catch (ProblemException refused) {
            if (refused.problem().is(ProblemType.DATASET_NOT_FOUND)) {
                throw new JobFailedException("The dataset was deleted.");
            }
            if (refused.problem().is(ProblemType.TOO_BUSY)) {
                throw new TryLaterException(RETRY_PAUSE, refused);
            }
            throw refused;
        } catch (ObjectNotFoundException gone) {
            LOG.errorf("Import has no archive importId=%s", work.importId());
            throw new JobFailedException("The archive is gone from object storage. Send it again.");
        } catch (TemporaryFiles.NoRoomException others) {
            throw new TryLaterException(RETRY_PAUSE, others);
        } catch (RuntimeException fault) {
            throw ObjectStoreException.isAway(fault) ? new TryLaterException(RETRY_PAUSE, fault) : fault;
        }
    }

    private void work(ImportWork work) throws InterruptedException, IOException {
        Path file = archives.fetch(work.importId());
        try {
            run.run(work, file);
        } catch (ArchiveException refused) {
            throw new JobFailedException(String.valueOf(refused.getMessage()));
        } finally {
            archives.discard(file);
        }
        archives.remove(work.importId());
    }

    @Override
    public Uni<Void> begun(Mutiny.Session session, String jobId) {
        return imports.change(session, UUID.fromString(jobId), ImportJob::begin);
    }

    @Override
    public Uni<Void> failed(Mutiny.Session session, String jobId, String reason) {
        return imports.change(session, UUID.fromString(jobId), job -> job.fail(reason));
    }

    @Override
    public Uni<Void> cancelled(Mutiny.Session session, String jobId, String reason) {
        return imports.change(session, UUID.fromString(jobId), job -> job.fail(reason));
    }

    /// The view without the list of rejects, which may be long and is read when the view is sent.
    @Override
    public Uni<String> snapshot(Mutiny.Session session, String jobId) {
        return views.summary(session, UUID.fromString(jobId)).map(this::write);
    }

    private String write(ImportView view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view cannot be written as JSON", impossible);
        }
    }
}
