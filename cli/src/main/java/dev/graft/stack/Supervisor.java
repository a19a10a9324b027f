package dev.graft.stack;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import dev.graft.stack.StackState.Phase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The process behind a stack: hosts the broker and the object store, drives the database, starts the services and
/// watches over them, and ends all of it in order when it gets a signal.
///
/// One supervisor runs per data directory; a file lock, which the system releases whatever happens, sees to that.
public final class Supervisor {
    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());
    /// Names its data directory; every process of a stack carries it, and services must not take it for their own
    /// setting.
    static final String DATA_DIRECTORY_PROPERTY = "dev.graft.stack.data-dir";

    static final String PORT_BASE_PROPERTY = "dev.graft.stack.port-base";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(120);

    private final Installation installation;
    private final DataDirectory data;
    private final StackPorts ports;
    private final CompletableFuture<Void> stopRequest = new CompletableFuture<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Supervisor(Installation installation, DataDirectory data, StackPorts ports) {
        this.installation = installation;
        this.data = data;
        this.ports = ports;
    }

    /// Runs until SIGTERM, with the system properties that [Installation] gives it.
    public static void main(String[] arguments) throws IOException {
        DataDirectory data = DataDirectory.at(Path.of(System.getProperty(DATA_DIRECTORY_PROPERTY)))
                .create();
        StackPorts ports = new StackPorts(Integer.getInteger(PORT_BASE_PROPERTY, StackPorts.DEFAULT_BASE));
        boolean clean;
        try (FileChannel file =
                        FileChannel.open(data.supervisorLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                LOG.log(ERROR, "another supervisor runs this data directory");
                clean = false;
            } else {
                clean = new Supervisor(Installation.current(), data, ports).run();
            }
        }
        if (!clean) {
            System.exit(1);
        }
    }

    private boolean run() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
        StateBoard board = new StateBoard(data, ports, installation.build());
        try {
            runUntilStopped(board);
            board.phase(Phase.STOPPED);
            LOG.log(INFO, "stack stopped");
            return true;
        } catch (Exception e) {
            ActionableException why = explained(e);
            LOG.log(ERROR, "stack failed", e);
            board.failed(why);
            return false;
        } finally {
            stopped.countDown();
        }
    }

    private void stopAndWait() {
        stopRequest.complete(null);
        try {
            stopped.await(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runUntilStopped(StateBoard board) throws Exception {
        int orphans = MarkedProcesses.endAll(data);
        LOG.log(INFO, "stack starting portBase={0,number,#} orphansEnded={1}", ports.base(), orphans);
        ports.requireFree();
        Credentials credentials = Credentials.of(data);
        try (Backends backends = Backends.start(data, ports, credentials, board)) {
            List<ServiceProcess> services = services(backends, credentials, board);
            try {
                CompletableFuture<?>[] starts =
                        services.stream().map(ServiceProcess::start).toArray(CompletableFuture<?>[]::new);
                CompletableFuture.anyOf(CompletableFuture.allOf(starts), firstFailure(starts), stopRequest)
                        .get();
                if (!stopRequest.isDone()) {
                    board.phase(Phase.READY);
                }
                stopRequest.get();
            } finally {
                board.phase(Phase.STOPPING);
                stopAll(services);
            }
        }
    }

    private static CompletableFuture<Void> firstFailure(CompletableFuture<?>[] starts) {
        CompletableFuture<Void> failure = new CompletableFuture<>();
        Stream.of(starts)
                .forEach(start -> start.whenComplete((done, problem) -> {
                    if (problem != null) {
                        failure.completeExceptionally(problem);
                    }
                }));
        return failure;
    }

    private List<ServiceProcess> services(Backends backends, Credentials credentials, StateBoard board) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        return Stream.of(Service.values())
                .map(service -> new ServiceProcess(
                        service,
                        installation
                                .service(service, data)
                                .with(ServiceSettings.of(service, data, ports, backends, credentials)),
                        data.logs().resolve(service.label() + ".out"),
                        URI.create("http://127.0.0.1:" + ports.of(service) + "/q/health/ready"),
                        http,
                        board))
                .toList();
    }

    private static void stopAll(List<ServiceProcess> services) throws InterruptedException {
        List<Thread> stops = services.stream()
                .map(service -> Thread.ofVirtual().start(service::stop))
                .toList();
        for (Thread stop : stops) {
            stop.join();
        }
    }

    private ActionableException explained(Exception e) {
        Throwable cause =
                e instanceof ExecutionException wrapped && wrapped.getCause() != null ? wrapped.getCause() : e;
        return cause instanceof ActionableException known
                ? known
                : new ActionableException(
                        "The stack cannot run: " + cause.getMessage(),
                        "The log " + data.logs().resolve("supervisor.log") + " says more.",
                        cause);
    }
}
