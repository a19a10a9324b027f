package dev.graft.jobs;

import dev.graft.threads.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reads the events of one job for all its followers in this process, with one virtual thread that ends with the last
/// follower.
final class JobTopic<T> {
    private static final Logger LOG = Logger.getLogger(JobTopic.class);
    private static final Duration LOOK = Duration.ofMillis(400);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

    private final JobFollowers source;
    private final String jobId;
    private final Function<JobEvent, T> rendering;
    private final Signal changes = new Signal();
    /// Guarded by this object, with the next two.
    private final List<Follower<T>> followers = new ArrayList<>();

    private boolean begun;
    private boolean closed;
    private long revision = -1;
    private Follower.@Nullable Rendered<T> latest;

    JobTopic(JobFollowers source, String jobId, Function<JobEvent, T> rendering) {
        this.source = source;
        this.jobId = jobId;
        this.rendering = rendering;
    }

    /// A topic that nobody could join is closed, and is in nobody's way.
    ///
    /// @return null when the topic is closing
    synchronized @Nullable Follower<T> join(@Nullable Long lastRevision) {
        if (closed) {
            return null;
        }
        Follower<T> follower = new Follower<>(this);
        long read;
        try {
            read = lastRevision == null ? present(follower) : missed(follower, lastRevision);
        } catch (RuntimeException | Error e) {
            closeIfUnused();
            throw e;
        }
        followers.add(follower);
        if (!begun) {
            begun = true;
            revision = read;
            Thread.ofVirtual().name("follow-" + jobId).start(this::run);
        }
        return follower;
    }

    private long present(Follower<T> follower) {
        Follower.Rendered<T> now = rendered(source.latest(jobId));
        boolean unused = follower.offer(now);
        return now.revision();
    }

    /// Gives a follower what it missed. One that names a revision that there never was receives how the job
    /// stands.
    private long missed(Follower<T> follower, long lastRevision) {
        JobEvent now = source.latest(jobId);
        if (now.revision() < lastRevision) {
            return present(follower);
        }
        follower.skipTo(lastRevision);
        long read = lastRevision;
        List<JobEvent> missed = source.newsAfter(jobId, read);
        while (!missed.isEmpty()) {
            for (JobEvent event : missed) {
                boolean unused = follower.offer(rendered(event));
                read = event.revision();
            }
            missed = source.newsAfter(jobId, read);
        }
        if (now.ended() && now.revision() == lastRevision) {
            follower.end();
        }
        return read;
    }

    private Follower.Rendered<T> rendered(JobEvent event) {
        Follower.Rendered<T> known = latest;
        if (known != null && known.revision() == event.revision()) {
            return known;
        }
        Follower.Rendered<T> fresh = new Follower.Rendered<>(event.revision(), event.ended(), rendering.apply(event));
        if (known == null || known.revision() < event.revision()) {
            latest = fresh;
        }
        return fresh;
    }

    void changed() {
        changes.raise();
    }

    private void run() {
        try {
            while (!isClosed()) {
                boolean unused = changes.await(source.isListening() ? LONGEST_LOOK : LOOK);
                read();
            }
        } catch (InterruptedException stop) {
            LOG.debugf("Followers are let go jobId=%s", jobId);
        } finally {
            // After an error, too: they come back, to a topic with a thread.
            close();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void read() {
        try {
            List<JobEvent> news;
            do {
                news = source.newsAfter(jobId, revision());
                publish(news);
            } while (!news.isEmpty() && !isClosed());
        } catch (RuntimeException away) {
            LOG.debugf("Followers wait jobId=%s reason=%s", jobId, away);
            changes.raise();
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long revision() {
        return revision;
    }

    private synchronized void publish(List<JobEvent> news) {
        for (JobEvent event : news) {
            Follower.Rendered<T> rendered = rendered(event);
            // One that reads too slowly is let go; it comes back and goes on after the last revision it has.
            followers.removeIf(follower -> !follower.offer(rendered));
            revision = event.revision();
        }
    }

    synchronized void leave(Follower<T> follower) {
        followers.remove(follower);
        closeIfUnused();
    }

    private synchronized void closeIfUnused() {
        if (followers.isEmpty()) {
            closed = true;
            source.remove(jobId, this);
            changes.raise();
        }
    }

    /// Ends every follower, because the service stops.
    synchronized void close() {
        closed = true;
        followers.forEach(Follower::end);
        followers.clear();
        source.remove(jobId, this);
        changes.raise();
    }
}
