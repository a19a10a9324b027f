package dev.graft.jobs.thread;

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
@ApplicationScoped
public class SupervisedThreads {
    private static final Logger LOG = Logger.getLogger(SupervisedThreads.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final List<Supervised> threads = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    private volatile @Nullable Thread supervisor;

    /// The work of a thread. It ends by itself only when the service stops.
    @FunctionalInterface
    public interface Work {
        /// @throws InterruptedException when the thread is to stop
        void run() throws InterruptedException;
    }

    /// A thread that is started again when it ends.
    public final class Supervised {
        private final Thread.Builder builder;
        private final String name;
        private final Work work;
        private volatile @Nullable Thread thread;
        private volatile boolean retired;

        private Supervised(Thread.Builder builder, String name, Work work) {
            this.builder = builder.name(name);
            this.name = name;
            this.work = work;
        }

        private void start() {
            thread = builder.start(() -> {
                try {
                    work.run();
                } catch (InterruptedException stop) {
                    LOG.debugf("Thread ends thread=%s", name);
                } catch (Throwable fatal) {
                    // Even this log line may fail when memory is short; the supervisor looks at the thread itself.
                    LOG.errorf(fatal, "Thread ended unexpectedly thread=%s", name);
                }
            });
        }

        private boolean isDead() {
            Thread current = thread;
            return !retired && !stopping && (current == null || !current.isAlive());
        }

        /// Ends the thread for good, waiting for it.
        ///
        /// @param patience how long it may go on before it is interrupted
        public void stop(Duration patience) throws InterruptedException {
            retired = true;
            threads.remove(this);
            Thread current = thread;
            if (current != null && !current.join(patience)) {
                current.interrupt();
            }
        }

        /// Interrupts the thread and ends it for good.
        public void interrupt() {
            retired = true;
            threads.remove(this);
            Thread current = thread;
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
        return start(Thread.ofPlatform().daemon(), name, work);
    }

    /// Starts a virtual thread, for work that waits.
    public Supervised virtual(String name, Work work) {
        return start(Thread.ofVirtual(), name, work);
    }

    private Supervised start(Thread.Builder builder, String name, Work work) {
        Supervised supervised = new Supervised(builder, name, work);
        supervised.start();
        threads.add(supervised);
        return supervised;
    }

    private void supervise() {
        supervisor = Thread.ofPlatform().daemon().name("supervisor").start(() -> {
            while (!stopping) {
                try {
                    Thread.sleep(LOOK);
                    restartDead();
                } catch (InterruptedException stop) {
                    return;
                } catch (Throwable fault) {
                    LOG.errorf(fault, "Threads not looked after");
                }
            }
        });
    }

    private void restartDead() {
        for (Supervised supervised : threads) {
            if (supervised.isDead()) {
                LOG.errorf("Thread is started again thread=%s", supervised.name);
                supervised.start();
            }
        }
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
