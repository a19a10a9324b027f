package dev.graft.cli.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Reads the states of a thing from a stream of server-sent events (`text/event-stream`), one JSON document in the
/// data line of each.
///
/// @param request of the stream, apart from the media type
/// @param reading from the JSON in UTF-8
record EventStream<T>(HttpClient http, HttpRequest.Builder request, Function<byte[], T> reading) {
    private static final String DATA = "data:";

    EventStream {
        request.setHeader("Accept", "text/event-stream");
    }

    /// Reads until a state that is wanted.
    ///
    /// @param onView hears of every state, the wanted one too
    /// @return false when the stream was refused or ended before it
    boolean reaches(Predicate<T> wanted, Consumer<T> onView) throws InterruptedException {
        try {
            HttpResponse<Stream<String>> events = http.send(request.build(), BodyHandlers.ofLines());
            try (Stream<String> lines = events.body()) {
                return events.statusCode() == 200
                        && lines.filter(line -> line.startsWith(DATA))
                                .map(line -> reading.apply(
                                        line.substring(DATA.length()).getBytes(StandardCharsets.UTF_8)))
                                .peek(onView)
                                .anyMatch(wanted);
            }
        } catch (IOException | UncheckedIOException broken) {
            return false;
        }
    }
}
