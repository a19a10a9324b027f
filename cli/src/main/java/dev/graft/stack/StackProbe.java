package dev.graft.stack;

import dev.graft.stack.PartHealth.Condition;
import dev.graft.stack.StackState.Part;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Asks every part of a running stack how it is doing. What the supervisor wrote down says that a part was ready once,
/// not that it is.
public final class StackProbe {
    /// Longer than any check of a service takes.
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private static final int OK = 200;

    private final Duration deadline;

    /// Makes a probe with the usual deadline.
    public StackProbe() {
        this(DEADLINE);
    }

    /// @param deadline how long a part may take to answer
    StackProbe(Duration deadline) {
        this.deadline = deadline;
    }

    /// Asks all parts at once.
    public List<PartHealth> examine(StackState state) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(deadline)
                        .build()) {
            List<Future<PartHealth>> answers = state.parts().stream()
                    .map(part -> threads.submit(() -> examine(part, http)))
                    .toList();
            List<PartHealth> parts = new ArrayList<>();
            for (Future<PartHealth> answer : answers) {
                parts.add(answer.get());
            }
            return parts;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of the stack could not be asked", e);
        }
    }

    private PartHealth examine(Part part, HttpClient http) throws InterruptedException {
        return switch (part.phase()) {
            case WAITING -> new PartHealth(part, Condition.STARTING, "waits for the backends");
            case STARTING ->
                part.restarts() == 0
                        ? new PartHealth(part, Condition.STARTING, "")
                        : new PartHealth(part, Condition.RESTARTING, restarts(part));
            case RESTARTING -> new PartHealth(part, Condition.RESTARTING, "ended by itself; " + restarts(part));
            case STOPPED -> new PartHealth(part, Condition.STOPPED, "");
            case READY -> ask(part, http);
        };
    }

    private static String restarts(Part part) {
        return part.restarts() == 1 ? "started again once" : "started again " + part.restarts() + " times";
    }

    private PartHealth ask(Part part, HttpClient http) throws InterruptedException {
        return switch (part.name()) {
            case "database" -> knock(part, Knock.POSTGRESQL);
            case "broker" -> knock(part, Knock.KAFKA);
            case "objects" -> knock(part, Knock.HTTP);
            default -> askService(part, http);
        };
    }

    private PartHealth knock(Part part, Knock knock) {
        return knock.isAnswered(part.port(), deadline)
                ? new PartHealth(part, Condition.READY, "")
                : new PartHealth(part, Condition.SILENT, within());
    }

    private PartHealth askService(Part part, HttpClient http) throws InterruptedException {
        Optional<HttpResponse<String>> live = get(part, "/q/health/live", http);
        Optional<HttpResponse<String>> ready = get(part, "/q/health/ready", http);
        if (live.isEmpty() || ready.isEmpty()) {
            return new PartHealth(part, Condition.SILENT, within());
        }
        if (live.get().statusCode() != OK) {
            return new PartHealth(
                    part, Condition.NOT_ALIVE, HealthView.failed(live.get().body()));
        }
        if (ready.get().statusCode() != OK) {
            return new PartHealth(
                    part, Condition.NOT_READY, HealthView.failed(ready.get().body()));
        }
        return new PartHealth(part, Condition.READY, part.restarts() == 0 ? "" : restarts(part));
    }

    private Optional<HttpResponse<String>> get(Part part, String path, HttpClient http) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + part.port() + path))
                .timeout(deadline)
                .build();
        try {
            return Optional.of(http.send(request, BodyHandlers.ofString()));
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    private String within() {
        return "no answer within " + deadline.toSeconds() + " s";
    }
}
