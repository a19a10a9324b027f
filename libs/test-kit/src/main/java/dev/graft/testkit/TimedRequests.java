package dev.graft.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/// Asks a service and takes the time.
///
/// @param root where it listens, for example `http://127.0.0.1:8081`
public record TimedRequests(String root) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// What was answered, and how long that took.
    public record Answer(int status, Optional<String> retryAfter, String body, Duration took) {
        /// Returns whether the client is asked to come back.
        public boolean isAway() {
            return status == 503 && retryAfter.isPresent();
        }
    }

    /// Gets a document.
    public Answer get(String path) {
        return ask("GET", path, "", new byte[0]);
    }

    /// Sends a JSON document.
    public Answer send(String method, String path, String json) {
        return ask(method, path, "application/json", json.getBytes(UTF_8));
    }

    /// Sends a request with a body, unless the media type is empty.
    public Answer ask(String method, String path, String mediaType, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(root + path)).timeout(PATIENCE);
        if (mediaType.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofByteArray(body)).header("Content-Type", mediaType);
        }
        long beganNanos = System.nanoTime();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("Retry-After"),
                    answer.body(),
                    Duration.ofNanos(System.nanoTime() - beganNanos));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
