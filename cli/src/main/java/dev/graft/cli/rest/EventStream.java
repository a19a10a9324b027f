package dev.graft.cli.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// Reads the states of a thing from a stream of server-sent events (`text/event-stream`), one JSON document in the
/// data line of each.
///
/// @param request of the stream, apart from the media type
/// @param reading from the JSON in UTF-8
/// @param silence how long the stream may say nothing before it counts as broken
record EventStream<T>(HttpClient http, HttpRequest.Builder request, Function<byte[], T> reading, Duration silence) {
    private static final String DATA = "data:";
    private static final int LINES_AHEAD = 256;

    EventStream {
        request.setHeader("Accept", "text/event-stream");
    }

    /// Reads until a state that is wanted.
    ///
    /// @param onView receives every state, the wanted one too
    /// @return false when the stream was refused, ended or fell silent before it
    boolean reaches(Predicate<T> wanted, Consumer<T> onView) throws InterruptedException {
        try {
            HttpResponse<InputStream> events = http.send(request.build(), BodyHandlers.ofInputStream());
            try (InputStream body = events.body()) {
                return events.statusCode() == 200 && reaches(body, wanted, onView);
            }
        } catch (IOException | UncheckedIOException broken) {
            return false;
        }
    }

    private boolean reaches(InputStream body, Predicate<T> wanted, Consumer<T> onView) throws InterruptedException {
        BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(LINES_AHEAD);
        Thread reader = Thread.ofVirtual().start(() -> read(body, lines));
        try {
            while (true) {
                Optional<String> line = lines.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
                if (line == null || line.isEmpty()) {
                    return false;
                }
                if (line.get().startsWith(DATA)) {
                    T view = reading.apply(line.get().substring(DATA.length()).getBytes(StandardCharsets.UTF_8));
                    onView.accept(view);
                    if (wanted.test(view)) {
                        return true;
                    }
                }
            }
        } finally {
            reader.interrupt();
        }
    }

    /// Hands lines on; nothing at their end.
    private static void read(InputStream body, BlockingQueue<Optional<String>> lines) {
        try {
            BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            try {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.put(Optional.of(line));
                }
            } catch (IOException broken) {
                // It ended.
            }
            lines.put(Optional.empty());
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }
}
