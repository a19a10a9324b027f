package dev.graft.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemType;
import dev.graft.trainer.dataset.DatasetVersion;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Answers as the ingest service does when a dataset is frozen.
public final class IngestStub implements QuarkusTestResourceLifecycleManager {
    private static final Map<String, DatasetVersion> FROZEN = new ConcurrentHashMap<>();
    private static final ObjectMapper JSON = new ObjectMapper();
    private HttpServer server;

    static void freeze(DatasetVersion version) {
        FROZEN.put(version.dataset(), version);
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/datasets/", IngestStub::answer);
        server.start();
        return Map.of(
                "quarkus.rest-client.ingest.url",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().split("/")[3];
        DatasetVersion version = FROZEN.get(name);
        if (version == null) {
            Problem problem = Problem.of(ProblemType.DATASET_NOT_FOUND, "There is no dataset " + name + ".");
            send(exchange, problem.status(), Problem.MEDIA_TYPE, problem);
        } else {
            send(exchange, 201, "application/json", version);
        }
    }

    private static void send(HttpExchange exchange, int status, String mediaType, Object body)
            throws JsonProcessingException, IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", mediaType);
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void stop() {
        server.stop(0);
    }
}
