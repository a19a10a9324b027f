package dev.graft.cli.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Speaks with one service. While the service, or what it needs, is away or busy, this says so and a request is
/// repeated, for two minutes at most: all requests may be, since those that create something carry an idempotency
/// key.
public final class RestClient {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    /// Twice the outage of a minute that a command is to outlive, so that what is back has time to get ready.
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(120);
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final String SILENT_REMEDY =
            "./graft status says how it is doing, its log in the data directory says why.";
    private static final String PROBLEM_MEDIA_TYPE = "application/problem+json";

    private final HttpClient http;
    private final String service;
    private final String root;
    private final Duration patience;
    private final Consumer<String> notices;

    /// @param service the service's name, for messages
    /// @param root    where it listens, for example `http://127.0.0.1:8081`
    /// @param notices receives what is waited for, in sentences
    public RestClient(HttpClient http, String service, String root, Consumer<String> notices) {
        this(http, service, root, PATIENCE, notices);
    }

    /// @param patience how long to wait for what is away
    RestClient(HttpClient http, String service, String root, Duration patience, Consumer<String> notices) {
        this.http = http;
        this.service = service;
        this.root = root;
        this.patience = patience;
        this.notices = notices;
    }

    /// Gets a document.
    public <T> T get(String path, TypeReference<T> type) {
        return read(send(request(path).GET()), type);
    }

    /// Gets the bytes of something.
    public byte[] getBytes(String path) {
        return send(request(path).GET());
    }

    /// Gets a list of documents that are written as JSON lines; what the type leaves out of them is not kept.
    public <T> List<T> getLines(String path, Class<T> type) {
        HttpRequest.Builder request = request(path).GET();
        return send(() -> request, body -> {
            try (MappingIterator<T> lines = JSON.readerFor(type).readValues(body)) {
                return lines.readAll();
            }
        });
    }

    /// Creates something from a JSON document.
    ///
    /// @param idempotencyKey the same for the same request; absent: a request of its own
    public <T> T post(String path, Object body, @Nullable String idempotencyKey, TypeReference<T> type) {
        return post(path, "application/json", () -> BodyPublishers.ofString(write(body)), idempotencyKey, type);
    }

    /// Creates something from a body that is read afresh for each try. A stream may take as long as it takes.
    public <T> T post(
            String path, String mediaType, RequestBody body, @Nullable String idempotencyKey, TypeReference<T> type) {
        String key = idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey;
        byte[] answer = send(() -> {
            BodyPublisher publisher = body.publisher();
            boolean streamed = publisher.contentLength() < 0;
            return (streamed ? unlimitedRequest(path) : request(path))
                    .header("Content-Type", mediaType)
                    .header("Idempotency-Key", key)
                    .POST(publisher);
        });
        return read(answer, type);
    }

    /// Posts a JSON document that is answered by documents as JSON lines, which may take as long as they take.
    ///
    /// @param onView receives each
    /// @return the last one
    public <T> T postForLines(String path, Object body, Class<T> type, Consumer<T> onView) {
        return send(
                () -> unlimitedRequest(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(write(body))),
                answer -> {
                    T last = null;
                    try (MappingIterator<T> lines = JSON.readerFor(type).readValues(answer)) {
                        while (lines.hasNextValue()) {
                            last = lines.nextValue();
                            onView.accept(last);
                        }
                    }
                    if (last == null) {
                        throw new IOException("the answer is empty");
                    }
                    return last;
                });
    }

    /// Puts a JSON document.
    public <T> T put(String path, Object body, TypeReference<T> type) {
        return read(
                send(request(path)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(write(body)))),
                type);
    }

    /// Puts a body that is read afresh for each try, and may take as long as it takes. What is refused by the
    /// address alone is not sent.
    public <T> T put(String path, String mediaType, RequestBody body, TypeReference<T> type) {
        byte[] answer = send(() -> unlimitedRequest(path)
                .header("Content-Type", mediaType)
                .expectContinue(true)
                .PUT(body.publisher()));
        return read(answer, type);
    }

    /// Deletes something. When it was deleted and only the answer was lost, the repeated request is refused.
    public void delete(String path) {
        byte[] unused = send(request(path).DELETE());
    }

    /// Follows a thing to its end by the events of its changes; when the stream breaks, it is opened again.
    ///
    /// @param path   of the thing; its events are at `<path>/events`
    /// @param ended  says whether a state is the last one
    /// @param onView receives every state, the last one too
    /// @return the last state
    public <T> T follow(String path, TypeReference<T> type, Predicate<T> ended, Consumer<T> onView) {
        EventStream<T> events = new EventStream<>(http, request(path + "/events"), json -> read(json, type), SILENCE);
        while (true) {
            T state = get(path, type);
            onView.accept(state);
            if (ended.test(state)) {
                return state;
            }
            try {
                if (!events.reaches(ended, onView)) {
                    new Patience(patience, notices).pause(0);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return unlimitedRequest(path).timeout(ANSWER_PATIENCE);
    }

    private HttpRequest.Builder unlimitedRequest(String path) {
        return HttpRequest.newBuilder(URI.create(root + path));
    }

    private byte[] send(HttpRequest.Builder request) {
        return send(() -> request);
    }

    private byte[] send(RequestSource requests) {
        return send(requests, InputStream::readAllBytes);
    }

    private <T> T send(RequestSource requests, Reading<T> reading) {
        Patience left = new Patience(patience, notices);
        Watched watched = new Watched(http, URI.create(root + "/q/health/live"));
        try {
            while (true) {
                try {
                    Answer<T> answer = watched.run(
                            () -> exchange(requests.next().build(), reading),
                            () -> left.silent(silent(), SILENT_REMEDY),
                            left::speaking);
                    if (answer.value() != null) {
                        left.succeeded();
                        return answer.value();
                    }
                    left.failed(answer.away(), answer.remedy());
                    left.pause(answer.retryAfterSeconds());
                } catch (IOException e) {
                    ActionableException own = ownFault(e);
                    if (own != null) {
                        throw own;
                    }
                    left.failed(silent(), SILENT_REMEDY);
                    left.pause(0);
                }
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private String silent() {
        return "The " + service + " service does not answer.";
    }

    /// What a request came to: a value, or something that is away.
    private record Answer<T>(@Nullable T value, String away, String remedy, long retryAfterSeconds) {}

    private <T> Answer<T> exchange(HttpRequest request, Reading<T> reading) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() < 300) {
                return new Answer<>(reading.read(body), "", "", 0);
            }
            ActionableException refusal = refused(answer, body.readAllBytes());
            if (answer.statusCode() != UNAVAILABLE && answer.statusCode() != TOO_MANY_REQUESTS) {
                throw refusal;
            }
            return new Answer<>(null, refusal.problem(), refusal.remedy(), retryAfterSeconds(answer));
        }
    }

    private static long retryAfterSeconds(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,4}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    /// Finds the fault of the body's source behind the client's exception; there is none when the service is
    /// at fault.
    private static @Nullable ActionableException ownFault(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ActionableException own) {
                return own;
            }
        }
        return null;
    }

    private ActionableException refused(HttpResponse<?> answer, byte[] body) {
        boolean explained = answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith(PROBLEM_MEDIA_TYPE))
                .isPresent();
        ProblemView problem = explained
                ? read(body, new TypeReference<ProblemView>() {})
                : ProblemView.of("The %s service answered %d".formatted(service, answer.statusCode()));
        return answer.statusCode() < 500
                ? new RefusedRequestException(
                        answer.statusCode(),
                        problem.isAboutImage(),
                        problem.sentence(),
                        problem.remedy(),
                        problem.pointer())
                : new ActionableException(problem.sentence(), problem.remedy());
    }

    private static ActionableException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ActionableException("Interrupted.", "What the services have begun goes on.", e);
    }

    private <T> T read(byte[] json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException e) {
            throw new IllegalStateException("the " + service + " service answered something unexpected", e);
        }
    }

    private static String write(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a request cannot be written as JSON", e);
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(InputStream body) throws IOException;
    }

    @FunctionalInterface
    private interface RequestSource {
        HttpRequest.Builder next();
    }
}
