package dev.graft.jobs;

import dev.graft.events.Backoff;
import dev.graft.threads.SupervisedThreads;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Listens to what the database notifies about jobs, with one connection for the whole process. While the
/// connection is away, [#isListening] says so, and callers that need news look by themselves; when it is back,
/// all of them are to look once, because notifications may have been missed.
@ApplicationScoped
class JobNotifications {
    private static final Logger LOG = Logger.getLogger(JobNotifications.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /// A connection that died without a word is noticed after this time.
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final Pool pool;
    private final SupervisedThreads threads;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean listening;
    private SupervisedThreads.@Nullable Supervised thread;

    /// Receives what happened; on an event loop, so it must not block.
    interface Listener {
        /// A job of the kind may be claimed.
        void queued(String kind);

        /// The job was cancelled.
        void cancelled(String jobId);

        /// Followers of the job have something to read.
        void published(String jobId);

        /// Anything may have happened meanwhile.
        void missed();
    }

    JobNotifications(Pool pool, SupervisedThreads threads) {
        this.pool = pool;
        this.threads = threads;
    }

    void start(@Observes StartupEvent event) {
        thread = threads.virtual("job-notifications", this::run);
    }

    void stop(@Observes @Priority(10_000) ShutdownEvent event) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    void add(Listener listener) {
        listeners.add(listener);
    }

    /// Returns whether notifications arrive at this moment.
    boolean isListening() {
        return listening;
    }

    private void run() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                listen(backoff);
            } catch (RuntimeException away) {
                LOG.warnf("Notifications wait reason=%s", away);
            } finally {
                listening = false;
            }
            backoff.pause();
        }
    }

    /// Listens until the connection is lost.
    private void listen(Backoff backoff) throws InterruptedException {
        SqlConnection connection = pool.getConnection().await().atMost(PATIENCE);
        CountDownLatch closed = new CountDownLatch(1);
        try {
            String schema = connection
                    .query("select current_schema()")
                    .execute()
                    .await()
                    .atMost(PATIENCE)
                    .iterator()
                    .next()
                    .getString(0);
            PgConnection listener = PgConnection.cast(connection.getDelegate());
            listener.notificationHandler(notification -> dispatch(notification.getPayload()));
            listener.closeHandler(unused -> closed.countDown());
            execute(connection, "listen \"graft_jobs_" + schema + '"');
            listening = true;
            listeners.forEach(Listener::missed);
            backoff.reset();
            while (!closed.await(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                execute(connection, "select 1");
            }
        } finally {
            // Closed, not given back: it would listen on in the pool.
            close(connection);
        }
    }

    private static void execute(SqlConnection connection, String sql) {
        var unused = connection.query(sql).execute().await().atMost(PATIENCE);
    }

    private static void close(SqlConnection connection) {
        try {
            execute(connection, "unlisten *");
            connection.close().await().atMost(PATIENCE);
        } catch (RuntimeException gone) {
            connection.close().subscribe().with(unused -> {}, unused -> {});
        }
    }

    private void dispatch(String payload) {
        if (payload.isEmpty()) {
            return;
        }
        String subject = payload.substring(1);
        for (Listener listener : listeners) {
            switch (payload.charAt(0)) {
                case 'q' -> listener.queued(subject);
                case 'c' -> listener.cancelled(subject);
                case 'e' -> listener.published(subject);
                default -> LOG.warnf("Notification not understood payload=%s", payload);
            }
        }
    }
}
