package dev.graft.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads what happens to a job, in order and without a gap. For one thread.
///
/// @param <T> what an event was rendered to
public final class Follower<T> implements AutoCloseable {
    /// One who has so much unread is let go.
    static final int MAX_UNREAD = 1_000;

    private final JobTopic<T> topic;
    /// An empty one only wakes the reader.
    private final BlockingQueue<Optional<Rendered<T>>> unread = new ArrayBlockingQueue<>(MAX_UNREAD);

    private long offered = -1;
    private volatile boolean ended;
    private boolean lastRead;

    /// An event, rendered.
    ///
    /// @param revision see [JobEvent]
    /// @param ended    whether nothing follows any more
    public record Rendered<T>(long revision, boolean ended, T event) {}

    Follower(JobTopic<T> topic) {
        this.topic = topic;
    }

    /// Waits for the next event.
    ///
    /// @return null when there was none for so long, or none follows: see [#isAtEnd]
    /// @throws InterruptedException when the thread is to stop
    public @Nullable Rendered<T> next(Duration timeout) throws InterruptedException {
        if (ended && unread.isEmpty()) {
            return null;
        }
        Optional<Rendered<T>> found = unread.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (found == null || found.isEmpty()) {
            return null;
        }
        lastRead = found.get().ended();
        return found.get();
    }

    /// Returns whether everything was read: the job has ended, the service stops, or the follower was too slow
    /// and is to begin again after the last revision it has read.
    public boolean isAtEnd() {
        return lastRead || ended && unread.isEmpty();
    }

    /// @return false when the follower is to be let go
    boolean offer(Rendered<T> event) {
        if (event.revision() <= offered) {
            return true;
        }
        if (ended || !unread.offer(Optional.of(event))) {
            ended = true;
            return false;
        }
        offered = event.revision();
        return true;
    }

    void skipTo(long revision) {
        offered = Math.max(offered, revision);
    }

    void end() {
        ended = true;
        // A full queue wakes the reader by itself.
        boolean unused = unread.offer(Optional.empty());
    }

    @Override
    public void close() {
        topic.leave(this);
    }
}
