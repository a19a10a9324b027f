package dev.graft.jobs;

import dev.graft.messaging.DatabaseAwayException;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One worker's try at a job. Whatever it writes is written through here, in transactions that begin with the fence:
/// once the job is another's, or cancelled, nothing is written any more.
///
/// What is written to object storage first is written under a key of the attempt ([#token] with the job's id),
/// or by content, and is published by the row. Safe for many threads.
public final class Attempt {
    /// Why an attempt is over before its work is done.
    public enum Over {
        /// The job was cancelled.
        CANCELLED,
        /// The lease ran out, and the job is another worker's.
        LOST,
        /// The process stops; the job goes on elsewhere, or at the next start.
        STOPPING
    }

    private static final Logger LOG = Logger.getLogger(Attempt.class);

    private final Claim claim;
    private final JobHandler handler;
    private final Jobs jobs;
    private final JobRows rows;
    private final Transactions transactions;
    private volatile @Nullable Over over;
    private volatile boolean ended;

    /// Whether the transaction that ends the job is under way.
    private volatile boolean ending;

    private volatile boolean advanced;
    /// Interrupted when the attempt is over; guarded by this object.
    private @Nullable Thread working;

    Attempt(Claim claim, JobHandler handler, Jobs jobs, JobRows rows, Transactions transactions) {
        this.claim = claim;
        this.handler = handler;
        this.jobs = jobs;
        this.rows = rows;
        this.transactions = transactions;
    }

    /// Gives the job's id.
    public String jobId() {
        return claim.jobId();
    }

    /// Gives on whose behalf the job is done.
    public String owner() {
        return claim.owner();
    }

    /// Gives the fencing token: greater than that of every earlier attempt at this job.
    public long token() {
        return claim.token();
    }

    /// Gives how many attempts there were since the job last came further, this one included: 1 once it came
    /// further by this one.
    public int number() {
        return advanced ? 1 : claim.attempts();
    }

    Claim claim() {
        return claim;
    }

    JobHandler handler() {
        return handler;
    }

    /// Returns whether the work is to stop, because nothing of it counts any more or the process stops.
    public boolean isOver() {
        return over != null;
    }

    /// Returns why the work is to stop; empty while it may go on.
    public Optional<Over> over() {
        return Optional.ofNullable(over);
    }

    /// Notes in the domain that the attempt begins, and publishes it to followers.
    ///
    /// @throws AttemptOverException when the attempt is over; nothing was written
    void noteBegun() {
        Void unused = publish(session -> handler.begun(session, jobId()));
    }

    /// Goes on only while the attempt is not over; to be called between steps of long work.
    ///
    /// @throws AttemptOverException when it is
    public void check() {
        Over why = over;
        if (why != null) {
            throw new AttemptOverException(jobId(), why);
        }
    }

    /// Writes without publishing to followers.
    ///
    /// @param work what belongs into the transaction, after the fence
    /// @throws AttemptOverException when the attempt is over; nothing was written
    public <T extends @Nullable Object> T write(Function<Mutiny.Session, Uni<T>> work) {
        return transactions.call(session -> fence(session, false, false).chain(revision -> work.apply(session)));
    }

    /// Writes, and publishes to followers how the job stands now.
    ///
    /// @throws AttemptOverException when the attempt is over; nothing was written
    public <T extends @Nullable Object> T publish(Function<Mutiny.Session, Uni<T>> work) {
        return published(work, false);
    }

    /// Writes something that an attempt after this one does not have to do again, and publishes it to
    /// followers: the job came further, and earlier attempts are forgotten.
    ///
    /// @throws AttemptOverException when the attempt is over; nothing was written
    public <T extends @Nullable Object> T advance(Function<Mutiny.Session, Uni<T>> work) {
        T result = published(work, true);
        advanced = true;
        return result;
    }

    private <T extends @Nullable Object> T published(Function<Mutiny.Session, Uni<T>> work, boolean further) {
        return transactions.call(session -> fence(session, true, further)
                .chain(revision ->
                        work.apply(session).call(() -> jobs.publish(session, handler, jobId(), revision, false))));
    }

    /// Ends the job well.
    ///
    /// @param work the domain's rows and events that go with it
    /// @throws AttemptOverException when the attempt is over; nothing was written
    public <T extends @Nullable Object> T succeed(Function<Mutiny.Session, Uni<T>> work) {
        return ended(session -> rows.end(session, claim.fence(), "SUCCEEDED", null), work, this::publishEnd);
    }

    /// Ends the job badly; the domain notes it by [JobHandler#failed]. Where that, or the [JobHandler#snapshot]
    /// of it, is what fails, the job ends without: it would be taken up for ever.
    ///
    /// @throws AttemptOverException when the attempt is over; nothing was written
    void fail(String reason) {
        Function<Mutiny.Session, Uni<Void>> noting = session -> handler.failed(session, jobId(), reason);
        // Twice as it should be, for two transactions may stop each other.
        boolean done = Stream.<Publication>of(this::publishEnd, this::publishEnd, this::publishLast)
                .anyMatch(publication -> failed(reason, noting, publication));
        if (!done) {
            Void unused = ended(end(reason), session -> Uni.createFrom().voidItem(), this::publishLast);
            LOG.errorf("Job ended, and its domain has not noted it jobId=%s reason=%s", jobId(), reason);
        }
    }

    private boolean failed(String reason, Function<Mutiny.Session, Uni<Void>> noting, Publication publication) {
        try {
            Void unused = ended(end(reason), noting, publication);
            return true;
        } catch (AttemptOverException over) {
            throw over;
        } catch (RuntimeException | Error fault) {
            if (DatabaseAwayException.in(fault)
                    .filter(away -> !away.isByStatementDeadline())
                    .isPresent()) {
                throw fault;
            }
            LOG.warnf(fault, "Job's end is not noted jobId=%s", jobId());
            return false;
        }
    }

    private Function<Mutiny.Session, Uni<Optional<Long>>> end(String reason) {
        return session -> rows.end(session, claim.fence(), "FAILED", reason);
    }

    /// Publishes a change to followers.
    private interface Publication {
        Uni<Void> publish(Mutiny.Session session, long revision);
    }

    private Uni<Void> publishEnd(Mutiny.Session session, long revision) {
        return jobs.publish(session, handler, jobId(), revision, true);
    }

    /// Publishes the end with what was published last, for want of better.
    private Uni<Void> publishLast(Mutiny.Session session, long revision) {
        return rows.publishLast(session, jobId(), revision, true);
    }

    /// Lets the job wait, without a worker, until [Jobs#wake].
    ///
    /// @param work the domain's rows and events that go with it
    /// @throws AttemptOverException when the attempt is over; nothing was written
    public <T extends @Nullable Object> T park(Function<Mutiny.Session, Uni<T>> work) {
        return ended(
                session -> rows.park(session, claim.fence()),
                work,
                (session, revision) -> jobs.publish(session, handler, jobId(), revision, false));
    }

    private <T extends @Nullable Object> T ended(
            Function<Mutiny.Session, Uni<Optional<Long>>> change,
            Function<Mutiny.Session, Uni<T>> work,
            Publication publication) {
        ending = true;
        try {
            T result = transactions.call(session -> change.apply(session)
                    .map(this::require)
                    .chain(revision -> work.apply(session).call(() -> publication.publish(session, revision))));
            ended = true;
            return result;
        } finally {
            ending = false;
        }
    }

    private Uni<Long> fence(Mutiny.Session session, boolean news, boolean further) {
        return rows.write(session, claim.fence(), handler.kind().lease(), news, further)
                .map(this::require);
    }

    private long require(Optional<Long> revision) {
        if (revision.isEmpty()) {
            Over why = over;
            throw new AttemptOverException(jobId(), why == null ? Over.LOST : why);
        }
        return revision.get();
    }

    /// Returns whether the job was ended or parked by this attempt.
    boolean isEnded() {
        return ended;
    }

    /// Makes the calling thread the one to be interrupted.
    synchronized void begin() {
        working = Thread.currentThread();
        if (over != null) {
            working.interrupt();
        }
    }

    /// After it, nobody is interrupted any more.
    synchronized void finish() {
        working = null;
    }

    /// Ends the attempt from outside. One that has ended its job has lost nothing with the lease, and goes on.
    /// While it is ending the job, the fence decides whose it is: who looks from outside may see the end before
    /// the attempt hears of it, and take it for a loss.
    synchronized void end(Over why) {
        if (over == null && (why == Over.STOPPING || !(ending || ended))) {
            over = why;
            if (working != null) {
                working.interrupt();
            }
        }
    }
}
