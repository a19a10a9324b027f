package dev.graft.cli.bench;

import dev.graft.stack.Service;
import dev.graft.stack.StackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Looks twice a second, by the services' own metrics, how much of their heaps is in use. Safe for many threads.
final class HeapWatch implements AutoCloseable {
    private static final List<Service> WATCHED = List.of(Service.INGEST, Service.FEATURE, Service.TRAINER);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Pattern USED =
            Pattern.compile("^jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*} (\\S+)$", Pattern.MULTILINE);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final StackPorts ports;
    private final Map<Service, Long> most = new EnumMap<>(Service.class);

    HeapWatch(StackPorts ports) {
        this.ports = ports;
        looking.scheduleWithFixedDelay(
                () -> WATCHED.forEach(this::look), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Gives the most bytes that a service had in use since this was last asked of any of them; 0 when it does not say.
    long mostSinceLast(Service service) {
        look(service);
        synchronized (most) {
            long bytes = most.getOrDefault(service, 0L);
            most.clear();
            return bytes;
        }
    }

    private void look(Service service) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.of(service) + "/q/metrics"))
                .header("Accept", "text/plain")
                .timeout(PATIENCE)
                .build();
        try {
            String metrics = http.send(request, BodyHandlers.ofString()).body();
            long used = USED.matcher(metrics)
                    .results()
                    .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
                    .sum();
            synchronized (most) {
                most.merge(service, used, Math::max);
            }
        } catch (IOException silent) {
            // It is asked again soon.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
        http.shutdownNow();
    }
}
