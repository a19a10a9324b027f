package dev.graft.jobs;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.hibernate.reactive.mutiny.Mutiny;

/// Removes what something that has ended left behind. Such a job is queued by the transaction that ends the
/// other thing; nobody follows it, and nobody asks for it again.
///
/// Therefore it is never refused for want of room, for the end of the other thing would be refused with it. And
/// it is tried more often than usual before it is given up, because what it does not remove stays for good:
/// some attempts may end with a process that other work has ended, or because a busy database has cancelled a
/// statement.
public interface CleanupHandler extends JobHandler {
    /// How many times in a row a job may be claimed without coming further before it is given up.
    int MAX_ATTEMPTS = 10;

    /// Describes a kind of such jobs. One of them is worked on at one moment, so that clients are not kept
    /// waiting.
    static JobKind kind(String name, Duration lease, Duration poll) {
        return new JobKind(name, 1, lease, poll, MAX_ATTEMPTS, Integer.MAX_VALUE);
    }

    @Override
    default Uni<Void> cancelled(Mutiny.Session session, String jobId, String reason) {
        return Uni.createFrom().voidItem();
    }

    @Override
    default Uni<String> snapshot(Mutiny.Session session, String jobId) {
        return Uni.createFrom().item("{}");
    }
}
