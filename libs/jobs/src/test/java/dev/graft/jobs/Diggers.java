package dev.graft.jobs;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

/// The workers of these tests: by hand, where the test is the worker, and by machine, whose work a test chooses.
final class Diggers {
    static final String BY_HAND = "by-hand";
    static final String BY_MACHINE = "by-machine";
    /// A machine of a busy host may stand still for as long as a renewal may be late: two thirds of this.
    static final Duration LEASE = Duration.ofSeconds(4);
    /// What is done by hand has all the time it wants: its lease runs out where a test says so.
    private static final Duration LEASE_BY_HAND = Duration.ofHours(1);

    private static final Duration POLL = Duration.ofSeconds(5);

    private Diggers() {}

    /// What a machine does with a job.
    interface Work {
        void on(Attempt attempt) throws Exception;
    }

    /// What of a handler fails, each time.
    enum Broken {
        BEGINNING,
        BEGINNING_BY_AN_ERROR,
        SNAPSHOT,
        ALL;

        boolean isEndNoted() {
            return this != ALL;
        }
    }

    private abstract static class Digger implements JobHandler {
        private final Map<String, Broken> broken = new ConcurrentHashMap<>();

        void breaks(String jobId, Broken part) {
            broken.put(jobId, part);
        }

        private void require(String jobId, Broken part) {
            Broken found = broken.get(jobId);
            if (found == part || found == Broken.ALL) {
                throw new IllegalStateException("a row cannot be read");
            }
        }

        @Override
        public Uni<Void> begun(Mutiny.Session session, String jobId) {
            require(jobId, Broken.BEGINNING);
            if (broken.get(jobId) == Broken.BEGINNING_BY_AN_ERROR) {
                throw new NoClassDefFoundError("a part of the handler");
            }
            return Ditches.note(session, jobId, "BEGUN");
        }

        @Override
        public Uni<Void> failed(Mutiny.Session session, String jobId, String reason) {
            require(jobId, Broken.ALL);
            return Ditches.note(session, jobId, "FAILED");
        }

        @Override
        public Uni<Void> cancelled(Mutiny.Session session, String jobId, String reason) {
            return Ditches.note(session, jobId, "CANCELLED");
        }

        @Override
        public Uni<String> snapshot(Mutiny.Session session, String jobId) {
            require(jobId, Broken.SNAPSHOT);
            return Ditches.describe(session, jobId);
        }
    }

    @ApplicationScoped
    static class ByHand extends Digger {
        @Override
        public JobKind kind() {
            return new JobKind(BY_HAND, 0, LEASE_BY_HAND, POLL, 3, 150);
        }

        @Override
        public void run(Attempt attempt) {
            attempt.advance(session -> Ditches.dig(session, attempt.jobId()));
            attempt.succeed(session -> Ditches.note(session, attempt.jobId(), "DUG"));
        }

        @Override
        public Uni<Void> admit(Mutiny.Session session, NewJob job) {
            return job.owner().equals("nobody")
                    ? Uni.createFrom().failure(new IllegalArgumentException("nobody digs here"))
                    : Uni.createFrom().voidItem();
        }
    }

    @ApplicationScoped
    static class ByMachine extends Digger {
        private final Map<String, Work> works = new ConcurrentHashMap<>();
        private final Optional<Integer> workers;

        ByMachine(@ConfigProperty(name = "ditches.machines") Optional<Integer> workers) {
            this.workers = workers;
        }

        void does(String jobId, Work work) {
            works.put(jobId, work);
        }

        @Override
        public JobKind kind() {
            return new JobKind(BY_MACHINE, workers.orElse(1), LEASE, POLL);
        }

        @Override
        public void run(Attempt attempt) throws Exception {
            Work work = works.get(attempt.jobId());
            if (work != null) {
                work.on(attempt);
            }
            if (!attempt.isEnded()) {
                attempt.succeed(session -> Ditches.note(session, attempt.jobId(), "DUG"));
            }
        }
    }
}
