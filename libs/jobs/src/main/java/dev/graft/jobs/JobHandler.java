package dev.graft.jobs;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/// What a service does with jobs of one kind. A bean of the service implements it for each of its kinds.
///
/// The methods that are given a session run inside the kit's transaction, on an event loop, and must not block.
/// They lock the domain's rows after the job's row, never before: every transaction that changes both keeps
/// this order.
public interface JobHandler {
    /// Describes the kind; always the same.
    JobKind kind();

    /// Works on a job, on a thread of the kit, which is interrupted when the attempt is over. A normal return without
    /// [Attempt#succeed] or [Attempt#park] ends the job well.
    ///
    /// @throws JobFailedException when the job can never succeed; the message is for users
    /// @throws TryLaterException  when a backend is away; the attempt does not count, as when the database is
    /// @throws Exception          when something unforeseen happened; the attempt counts
    void run(Attempt attempt) throws Exception;

    /// Refuses a job before it is accepted: an estimate of what it needs belongs here.
    ///
    /// @return fails with what the client receives, when it is refused
    default Uni<Void> admit(Mutiny.Session session, NewJob job) {
        return Uni.createFrom().voidItem();
    }

    /// Notes that an attempt begins. When it fails, that counts as an attempt, too.
    default Uni<Void> begun(Mutiny.Session session, String jobId) {
        return Uni.createFrom().voidItem();
    }

    /// Notes that the job was given up, in its domain's rows and events.
    ///
    /// @param reason in sentences for users
    Uni<Void> failed(Mutiny.Session session, String jobId, String reason);

    /// Notes that the job was cancelled, in its domain's rows and events; also ends what was begun for it elsewhere.
    ///
    /// @param reason in a sentence for users
    Uni<Void> cancelled(Mutiny.Session session, String jobId, String reason);

    /// Describes the job as it stands in this transaction, for followers: usually JSON. Small, for it is kept with
    /// every change.
    Uni<String> snapshot(Mutiny.Session session, String jobId);
}
