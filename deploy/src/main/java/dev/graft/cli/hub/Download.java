package dev.graft.cli.hub;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Fetches a file over HTTP into a part file, and goes on where it was cut off: at once a few times, and in a
/// later run. A part is continued only while the server says that the file is still the same; otherwise it
/// begins anew.
public final class Download {
    private static final int ATTEMPTS = 5;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+)");

    private final HttpClient http;
    private final URI source;
    private final Path part;
    private final Path validator;
    private final Duration pause;

    /// Hears how much has arrived.
    @FunctionalInterface
    public interface Listener {
        /// @param totalBytes 0 when it is not known
        void arrived(long bytes, long totalBytes);
    }

    /// Prepares to fetch.
    ///
    /// @param part  where it is written; what an earlier run left there is used
    /// @param pause between attempts
    public Download(HttpClient http, URI source, Path part, Duration pause) {
        this.http = http;
        this.source = source;
        this.part = part;
        this.validator = part.resolveSibling(part.getFileName() + ".validator");
        this.pause = pause;
    }

    /// Fetches what is missing; then the part is the whole file.
    ///
    /// @throws ActionableException when the server cannot be reached, has no such file or refuses it, or the
    ///     connection is cut again and again
    /// @throws IOException when the part cannot be written
    public void run(Listener listener) throws IOException {
        int failures = 0;
        while (true) {
            long before = sizeBytes();
            try {
                attempt(listener);
                Files.deleteIfExists(validator);
                return;
            } catch (CutConnectionException e) {
                // Who gets on is not counted out.
                failures = sizeBytes() > before ? 1 : failures + 1;
                if (failures >= ATTEMPTS) {
                    throw interrupted(e);
                }
                await();
            }
        }
    }

    /// Forgets what has arrived.
    public void discard() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(validator);
    }

    private void attempt(Listener listener) throws IOException, CutConnectionException {
        long presentBytes = Files.exists(validator) ? sizeBytes() : 0;
        HttpRequest.Builder request =
                HttpRequest.newBuilder(source).timeout(PATIENCE).header("Accept-Encoding", "identity");
        if (presentBytes > 0) {
            request.header("Range", "bytes=" + presentBytes + "-").header("If-Range", Files.readString(validator));
        }
        HttpResponse<InputStream> answer = send(request.build());
        try (InputStream body = answer.body()) {
            switch (answer.statusCode()) {
                case 200 -> receive(answer, body, 0, contentLength(answer), listener);
                case 206 -> {
                    Matcher range = contentRange(answer);
                    boolean fits = range.group(1) != null && Long.parseLong(range.group(1)) == presentBytes;
                    receive(answer, body, fits ? presentBytes : -1, Long.parseLong(range.group(2)), listener);
                }
                case 416 -> {
                    if (Long.parseLong(contentRange(answer).group(2)) != presentBytes) {
                        discard();
                        throw new CutConnectionException(null);
                    }
                }
                default -> refuse(answer.statusCode());
            }
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws CutConnectionException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw unreachable(e);
        } catch (IOException e) {
            throw new CutConnectionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ActionableException("Interrupted.", "Run the command again: it goes on from there.", e);
        }
    }

    /// @param fromBytes how much of the file is kept; negative: the server sent another piece than it was
    ///     asked for
    private void receive(HttpResponse<?> answer, InputStream body, long fromBytes, long totalBytes, Listener listener)
            throws IOException, CutConnectionException {
        if (fromBytes < 0) {
            discard();
            throw new CutConnectionException(null);
        }
        if (fromBytes == 0) {
            discard();
            remember(answer);
        }
        long arrivedBytes = fromBytes;
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
                out.write(buffer, 0, count);
                arrivedBytes += count;
                listener.arrived(arrivedBytes, totalBytes);
            }
        }
        if (totalBytes > 0 && arrivedBytes != totalBytes) {
            throw new CutConnectionException(null);
        }
    }

    private static int read(InputStream body, byte[] buffer) throws CutConnectionException {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new CutConnectionException(e);
        }
    }

    /// Keeps what identifies the file on the server. Without it nothing is continued.
    private void remember(HttpResponse<?> answer) throws IOException {
        String known = answer.headers()
                .firstValue("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .or(() -> answer.headers().firstValue("Last-Modified"))
                .orElse("");
        if (!known.isEmpty()) {
            Files.writeString(validator, known);
        }
    }

    private void refuse(int status) throws CutConnectionException {
        if (status >= 500 || status == 408 || status == 429) {
            throw new CutConnectionException(new IOException("the server answered " + status));
        }
        String reason = switch (status) {
            case 404, 410 -> "there is no such file.";
            case 401, 403 -> "access is refused.";
            default -> "the server answered " + status + ".";
        };
        throw new ActionableException(source + ": " + reason, "Fetch the file in another way, and import it.");
    }

    private ActionableException unreachable(IOException e) {
        boolean unknown = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .anyMatch(UnresolvedAddressException.class::isInstance);
        return new ActionableException(
                source.getAuthority() + " cannot be reached: " + (unknown ? "its name is not known." : "no answer."),
                "Check the connection, or name a mirror; without one, fetch " + source
                        + " elsewhere and import the file.",
                e);
    }

    private ActionableException interrupted(CutConnectionException e) throws IOException {
        String reason = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
        return new ActionableException(
                "The connection to %s was cut again and again%s; %,d bytes have arrived."
                        .formatted(source.getAuthority(), reason, sizeBytes()),
                "Run the command again: it goes on from there.",
                e);
    }

    private void await() {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ActionableException("Interrupted.", "Run the command again: it goes on from there.", e);
        }
    }

    private long sizeBytes() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private static long contentLength(HttpResponse<?> answer) {
        OptionalLong length = answer.headers().firstValueAsLong("Content-Length");
        return length.orElse(0);
    }

    private static Matcher contentRange(HttpResponse<?> answer) throws CutConnectionException {
        Matcher range = CONTENT_RANGE.matcher(
                answer.headers().firstValue("Content-Range").orElse(""));
        if (!range.matches()) {
            throw new CutConnectionException(new IOException("the server did not say what it sent"));
        }
        return range;
    }

    /// The file did not arrive to its end; trying again may help.
    private static final class CutConnectionException extends Exception {
        private static final long serialVersionUID = 1L;

        CutConnectionException(@Nullable IOException cause) {
            super(cause);
        }
    }
}
