package dev.graft.threads;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs the threads that a service cannot do without. One that ends for whatever reason, an `Error` included, while it
/// should go on is started again; [ThreadLiveness] says DOWN as long as one is dead.
///
/// The first restart comes at once. Of a thread that dies again and again each takes twice as long as the one before,
/// up to half a minute, in which it counts as dead: so that liveness, which is asked now and then, sees it.
@ApplicationScoped
public class SupervisedThreads {
    private static final Logger LOG = Logger.getLogger(SupervisedThreads.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /// One that lived for so long has recovered from its deaths before.
    private static final Duration RECOVERED = Duration.ofMinutes(1);

    private final List<Supervised> threads = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    private volatile @Nullable Thread supervisor;

    /// The work of a thread. It ends by itself only when the service stops.
    @FunctionalInterface
    public interface Work {
        /// @throws InterruptedException when the thread is to stop
        void run() throws InterruptedException;
    }

    /// A thread that is started again when it ends. Its lock is held while a thread is started, so that nobody takes
    /// a thread that is being started for dead and starts a second.
    public final class Supervised {
        private final Thread.Builder builder;
        private final String name;
        private final Work work;
        private final boolean ends;
        private @Nullable Thread thread;
        private volatile boolean retired;
        private long startedNanos;

        /// The supervisor's own, with the next two.
        private int deaths;

        private boolean waiting;
        private long dueNanos;

        private Supervised(Thread.Builder builder, String name, Work work, boolean ends) {
            this.builder = builder.name(name);
            this.name = name;
            this.work = work;
            this.ends = ends;
        }

        private synchronized void start() {
            startedNanos = System.nanoTime();
            thread = builder.start(() -> {
                try {
                    work.run();
                    if (ends) {
                        retire();
                    }
                } catch (InterruptedException stop) {
                    LOG.debugf("Thread ends thread=%s", name);
                } catch (Throwable fatal) {
                    // Even this log line may fail when memory is short; the supervisor looks at the thread itself.
                    LOG.errorf(fatal, "Thread ended unexpectedly thread=%s", name);
                }
            });
        }

        private synchronized boolean isDead() {
            return !retired && !stopping && (thread == null || !thread.isAlive());
        }

        private synchronized void restartWhenDue() {
            if (!isDead()) {
                return;
            }
            long now = System.nanoTime();
            if (!waiting) {
                deaths = now - startedNanos > RECOVERED.toNanos() ? 1 : deaths + 1;
                dueNanos = now + pause(deaths).toNanos();
                waiting = true;
            }
            if (now - dueNanos >= 0) {
                waiting = false;
                LOG.errorf("Thread is started again thread=%s deaths=%d", name, deaths);
                start();
            }
        }

        private void retire() {
            retired = true;
            threads.remove(this);
        }

        /// Has no thread started any more, and gives the last one.
        private synchronized @Nullable Thread retireLast() {
            retire();
            return thread;
        }

        /// Ends the thread for good, waiting for it.
        ///
        /// @param patience how long it may go on before it is interrupted
        public void stop(Duration patience) throws InterruptedException {
            Thread current = retireLast();
            if (current != null && !current.join(patience)) {
                current.interrupt();
            }
        }

        /// Interrupts the thread and ends it for good.
        public void interrupt() {
            Thread current = retireLast();
            if (current != null) {
                current.interrupt();
            }
        }
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        supervise();
    }

    /// Starts a daemon thread of the platform, for work that computes or calls native code.
    public Supervised platform(String name, Work work) {
        return start(Thread.ofPlatform().daemon(), name, work, false);
    }

    /// Starts a virtual thread, for work that waits.
    public Supervised virtual(String name, Work work) {
        return start(Thread.ofVirtual(), name, work, false);
    }

    /// Starts a virtual thread for work that has an end: it is started again only when the work was not brought to it.
    public Supervised virtualToTheEnd(String name, Work work) {
        return start(Thread.ofVirtual(), name, work, true);
    }

    private Supervised start(Thread.Builder builder, String name, Work work, boolean ends) {
        Supervised supervised = new Supervised(builder, name, work, ends);
        synchronized (supervised) {
            // First, as one that has an end takes itself out.
            threads.add(supervised);
            supervised.start();
        }
        return supervised;
    }

    private void supervise() {
        supervisor = Thread.ofPlatform().daemon().name("supervisor").start(() -> {
            while (!stopping) {
                try {
                    Thread.sleep(LOOK);
                    look();
                } catch (InterruptedException stop) {
                    return;
                } catch (Throwable fault) {
                    LOG.errorf(fault, "Threads not looked after");
                }
            }
        });
    }

    /// Starts again what is dead.
    void look() {
        threads.forEach(SupervisedThreads::look);
    }

    /// A thread that cannot be started holds up no other.
    private static void look(Supervised supervised) {
        try {
            supervised.restartWhenDue();
        } catch (Throwable fault) {
            LOG.errorf(fault, "Thread not started again thread=%s", supervised.name);
        }
    }

    private static Duration pause(int deaths) {
        if (deaths == 1) {
            return Duration.ZERO;
        }
        Duration pause = LOOK.multipliedBy(1L << Math.min(deaths - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /// Gives the names of the threads that are dead and should not be.
    List<String> dead() {
        Thread looking = supervisor;
        if (!stopping && looking != null && !looking.isAlive()) {
            return List.of("supervisor");
        }
        return threads.stream()
                .filter(Supervised::isDead)
                .map(dead -> dead.name)
                .toList();
    }

    /// Before all others, so that no thread is started again that ends because the service stops.
    void stop(@Observes @Priority(-1_000) ShutdownEvent event) {
        stopping = true;
        Thread looking = supervisor;
        if (looking != null) {
            looking.interrupt();
        }
    }
}
