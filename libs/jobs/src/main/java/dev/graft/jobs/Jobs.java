package dev.graft.jobs;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/// Queues and cancels jobs. Every method works in the caller's transaction, so that the domain's rows, the job and the
/// events are committed together or not at all; nobody has to be woken after the commit.
@ApplicationScoped
public class Jobs {
    private final Instance<JobHandler> handlers;
    private final JobRows rows;

    Jobs(@Any Instance<JobHandler> handlers, JobRows rows) {
        this.handlers = handlers;
        this.rows = rows;
    }

    /// Queues a job. The domain's own row must be there already.
    ///
    /// @return false when the id is known already, and nothing was changed; fails with [TooManyJobsException] or
    ///     with what the kind's [JobHandler#admit] says when the job is refused
    public Uni<Boolean> enqueue(Mutiny.Session session, NewJob job) {
        JobHandler handler = handler(job.kind());
        return handler.admit(session, job)
                .chain(() -> requireRoom(session, handler.kind()))
                .chain(() -> rows.insert(session, job))
                .call(added -> added
                        ? publish(session, handler, job.id(), 0, false)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> requireRoom(Mutiny.Session session, JobKind kind) {
        return rows.open(session, kind.name(), kind.maxOpen())
                .invoke(open -> {
                    if (open >= kind.maxOpen()) {
                        throw new TooManyJobsException(kind);
                    }
                })
                .replaceWithVoid();
    }

    /// Lets a worker have a job that waited. One that does not wait stays as it is.
    public Uni<Void> wake(Mutiny.Session session, String jobId) {
        return rows.wake(session, jobId);
    }

    /// Changes the domain's rows of a job that no attempt changes at this moment, such as one that waits, and
    /// publishes it to followers. The job's row is held first.
    ///
    /// @return false when the job had ended, or there is none; the work was not done then
    public Uni<Boolean> change(Mutiny.Session session, String jobId, Function<Mutiny.Session, Uni<Void>> work) {
        return rows.change(session, jobId).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(false);
            }
            JobHandler handler = handler(found.get().kind());
            return work.apply(session)
                    .chain(() -> publish(session, handler, jobId, found.get().revision(), false))
                    .replaceWith(true);
        });
    }

    /// Cancels a job, also while a worker has it: the worker's writes are refused from now on, and its thread
    /// is interrupted within a second. [JobHandler#cancelled] runs in the same transaction.
    ///
    /// @param reason in a sentence for users
    /// @return false when the job had ended, or there is none
    public Uni<Boolean> cancel(Mutiny.Session session, String jobId, String reason) {
        return rows.cancel(session, jobId, reason).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(false);
            }
            JobHandler handler = handler(found.get().kind());
            return handler.cancelled(session, jobId, reason)
                    .chain(() -> publish(session, handler, jobId, found.get().revision(), true))
                    .replaceWith(true);
        });
    }

    /// Publishes to followers how a job stands.
    Uni<Void> publish(Mutiny.Session session, JobHandler handler, String jobId, long revision, boolean ended) {
        return handler.snapshot(session, jobId).chain(body -> rows.publish(session, jobId, revision, ended, body));
    }

    /// Gives the handler of a kind.
    JobHandler handler(String kind) {
        return handlers.stream()
                .filter(handler -> handler.kind().name().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing handles jobs of kind " + kind));
    }
}
