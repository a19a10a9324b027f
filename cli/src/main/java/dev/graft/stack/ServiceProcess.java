package dev.graft.stack;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.graft.stack.StackState.PartPhase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps one service running as a child process until it is stopped: whenever it ends by itself it is started
/// again, after a pause that grows while it does not stay up.
final class ServiceProcess {
    private static final System.Logger LOG = System.getLogger(ServiceProcess.class.getName());
    private static final Duration START_PATIENCE = Duration.ofSeconds(180);
    /// A JVM that ends may first write its class archive.
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Duration STEADY = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Service service;
    private final Program program;
    private final Path output;
    private final HttpRequest readiness;
    private final HttpClient http;
    private final StateBoard board;
    private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
    private final Object stopSignal = new Object();
    private boolean stopping;
    private @Nullable Process process;
    private @Nullable Thread watcher;

    /// @param output takes what the process prints, and those after it that replace it: a JVM that ends for want of
    ///               memory says so there; its log proper is its own business
    ServiceProcess(Service service, Program program, Path output, URI readiness, HttpClient http, StateBoard board) {
        this.service = service;
        this.program = program;
        this.output = output;
        this.readiness =
                HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(5)).build();
        this.http = http;
        this.board = board;
    }

    /// Starts the service and watches over it from now on.
    ///
    /// @return completes when the service is ready for the first time, and exceptionally, with an
    ///     [ActionableException], when it ends before that
    CompletableFuture<Void> start() {
        synchronized (stopSignal) {
            watcher = Thread.ofVirtual().name("watch-" + service.label()).start(this::keepRunning);
        }
        return firstReady;
    }

    private void keepRunning() {
        Duration pause = PAUSE_MIN;
        try {
            for (int restarts = 0; ; restarts++) {
                long beganNanos = System.nanoTime();
                Process running = launch(restarts);
                if (running == null) {
                    return;
                }
                if (awaitReady(running, beganNanos)) {
                    firstReady.complete(null);
                    running.waitFor();
                }
                MarkedProcesses.awaitEnd(running.toHandle(), Duration.ZERO);
                if (!firstReady.isDone()) {
                    firstReady.completeExceptionally(didNotStart());
                    return;
                }
                Duration lived = Duration.ofNanos(System.nanoTime() - beganNanos);
                pause = lived.compareTo(STEADY) > 0 ? PAUSE_MIN : pause;
                if (stopsWithin(pause)) {
                    return;
                }
                LOG.log(
                        WARNING,
                        "service ended and is started again service={0} restarts={1}",
                        service.label(),
                        restarts + 1);
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.log(WARNING, "service cannot be watched any more service=" + service.label(), e);
            firstReady.completeExceptionally(e);
        }
    }

    private @Nullable Process launch(int restarts) throws IOException {
        synchronized (stopSignal) {
            if (stopping) {
                return null;
            }
            process = program.builder()
                    .redirectOutput(
                            restarts == 0
                                    ? ProcessBuilder.Redirect.to(output.toFile())
                                    : ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            board.starting(service, process.pid(), restarts);
            return process;
        }
    }

    private boolean awaitReady(Process running, long beganNanos) throws InterruptedException {
        while (System.nanoTime() - beganNanos < START_PATIENCE.toNanos()) {
            if (answersReady()) {
                long startMillis = (System.nanoTime() - beganNanos) / 1_000_000;
                board.ready(service.label(), startMillis);
                LOG.log(INFO, "service ready service={0} elapsedMillis={1,number,#}", service.label(), startMillis);
                return true;
            }
            if (running.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }

    private boolean answersReady() throws InterruptedException {
        try {
            return http.send(readiness, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean stopsWithin(Duration pause) throws InterruptedException {
        synchronized (stopSignal) {
            board.ended(service, stopping ? PartPhase.STOPPED : PartPhase.RESTARTING);
            long deadline = System.nanoTime() + pause.toNanos();
            for (long left = pause.toMillis(); !stopping && left > 0; ) {
                stopSignal.wait(left);
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
            return stopping;
        }
    }

    private ActionableException didNotStart() {
        return new ActionableException(
                "The " + service.label() + " service did not start." + LogTail.quote(output),
                "The logs beside " + output + " say more.");
    }

    /// Ends the service for good and waits for its end; it is asked first and forced when that takes too long.
    void stop() {
        Process last;
        Thread watching;
        synchronized (stopSignal) {
            stopping = true;
            stopSignal.notifyAll();
            last = process;
            watching = watcher;
        }
        if (last != null) {
            last.destroy();
            MarkedProcesses.awaitEnd(last.toHandle(), STOP_PATIENCE);
            awaitWatcher(watching);
            board.ended(service, PartPhase.STOPPED);
        }
    }

    /// Waits until the watcher has seen the end, so that nobody writes the board after [#stop] has returned.
    private static void awaitWatcher(@Nullable Thread watching) {
        if (watching == null) {
            return;
        }
        try {
            watching.join(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
