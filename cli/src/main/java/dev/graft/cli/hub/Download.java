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
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Fetches a file over HTTP into a part file, and goes on where it was cut off: at once a few times, and in a
/// later run. A part is continued only while the server says that the file is still the same; otherwise it
/// begins again.
public final class Download {
    private static final int ATTEMPTS = 5;
    private static final int BUFFER_BYTES = 1 << 16;

    private final HttpClient http;
    private final URI source;
    private final PartFile part;
    private final Patience patience;
    private final DownloadFaults faults;

    /// Receives how much has arrived.
    @FunctionalInterface
    public interface Listener {
        /// @param totalBytes 0 when it is not known
        void arrived(long bytes, long totalBytes);
    }

    /// How long a download waits.
    ///
    /// @param silence    for the next byte of a connection, before another connection is tried
    /// @param standstill in all without a byte, before it is given up
    /// @param pause      before the second attempt; each later pause is twice as long
    public record Patience(Duration silence, Duration standstill, Duration pause) {
        /// What people wait for: a second connection after half a minute, an error after a whole one.
        public static final Patience STANDARD =
                new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMillis(500));
    }

    /// Prepares to fetch.
    ///
    /// @param part where it is written; what an earlier run left there is used
    public Download(HttpClient http, URI source, PartFile part, Patience patience) {
        this.http = http;
        this.source = source;
        this.part = part;
        this.patience = patience;
        this.faults = new DownloadFaults(source, http.proxy());
    }

    /// Fetches what is missing; then the part is the whole file.
    ///
    /// @param maxSizeBytes the largest file to take
    /// @throws ActionableException when the server cannot be reached, has no such file or refuses it, falls
    ///     silent, or the connection is cut again and again
    /// @throws IOException when the part cannot be written
    public void run(long maxSizeBytes, Listener listener) throws IOException {
        int failures = 0;
        long furthestBytes = part.sizeBytes();
        long arrivedNanos = System.nanoTime();
        while (true) {
            try {
                attempt(maxSizeBytes, listener);
                return;
            } catch (CutConnectionException e) {
                long now = System.nanoTime();
                if (part.sizeBytes() > furthestBytes) {
                    // Bytes beyond the furthest reset the count; a download that starts over and over has none.
                    failures = 0;
                    furthestBytes = part.sizeBytes();
                    arrivedNanos = now - e.silent().toNanos();
                }
                failures++;
                if (e.silent().isPositive()
                        && now - arrivedNanos >= patience.standstill().toNanos()) {
                    throw faults.silent(Duration.ofNanos(now - arrivedNanos), kept(), e);
                }
                if (failures >= ATTEMPTS) {
                    throw faults.cut(kept(), e);
                }
                await(patience.pause().multipliedBy(1L << (failures - 1)));
            }
        }
    }

    /// Keeps what a later run can go on with, and gives how much that is.
    private long kept() throws IOException {
        if (part.validator() == null) {
            part.discard();
        }
        return part.sizeBytes();
    }

    private void attempt(long maxSizeBytes, Listener listener) throws IOException, CutConnectionException {
        String validator = part.validator();
        long presentBytes = validator == null ? 0 : part.sizeBytes();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(source).timeout(patience.silence()).header("Accept-Encoding", "identity");
        if (validator != null && presentBytes > 0) {
            request.header("Range", "bytes=" + presentBytes + "-").header("If-Range", validator);
        }
        HttpResponse<InputStream> answer = send(request.build());
        try (InputStream body = new ImpatientStream(answer.body(), patience.silence())) {
            switch (answer.statusCode()) {
                case 200 -> {
                    part.begin(validator(answer));
                    receive(
                            body,
                            answer.headers().firstValueAsLong("Content-Length").orElse(0),
                            maxSizeBytes,
                            listener);
                }
                case 206 -> {
                    ContentRange range = ContentRange.of(answer);
                    if (range == null || range.fromBytes() != presentBytes) {
                        throw unusable(range);
                    }
                    receive(body, range.totalBytes(), maxSizeBytes, listener);
                }
                case 416 -> {
                    ContentRange range = ContentRange.of(answer);
                    if (range == null || range.totalBytes() != presentBytes) {
                        throw unusable(range);
                    }
                }
                default -> throw faults.status(answer.statusCode());
            }
        }
    }

    /// The server sent another piece than it was asked for, or does not say which: the next attempt asks for
    /// everything.
    private CutConnectionException unusable(@Nullable ContentRange range) throws IOException {
        part.discard();
        return new CutConnectionException(new IOException(
                range == null ? "the server did not say what it sent" : "the server sent another piece"));
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws CutConnectionException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw faults.unreachable(e);
        } catch (SSLHandshakeException e) {
            throw faults.untrusted(e);
        } catch (HttpTimeoutException e) {
            throw new CutConnectionException(e, patience.silence());
        } catch (IOException e) {
            throw new CutConnectionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DownloadFaults.interrupted(e);
        }
    }

    /// Appends what comes to the part.
    ///
    /// @param totalBytes of the whole file; 0 when it is not known
    private void receive(InputStream body, long totalBytes, long maxSizeBytes, Listener listener)
            throws IOException, CutConnectionException {
        if (totalBytes > maxSizeBytes) {
            throw tooLarge(maxSizeBytes);
        }
        long arrivedBytes = part.sizeBytes();
        try (OutputStream out = part.append()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
                arrivedBytes += count;
                if (arrivedBytes > maxSizeBytes) {
                    throw tooLarge(maxSizeBytes);
                }
                out.write(buffer, 0, count);
                listener.arrived(arrivedBytes, totalBytes);
            }
        }
        if (totalBytes > 0 && arrivedBytes != totalBytes) {
            throw new CutConnectionException(new IOException("the server sent less than it said"));
        }
    }

    private ActionableException tooLarge(long maxSizeBytes) throws IOException {
        part.discard();
        return faults.tooLarge(maxSizeBytes);
    }

    private int read(InputStream body, byte[] buffer) throws CutConnectionException {
        try {
            return body.read(buffer);
        } catch (HttpTimeoutException e) {
            throw new CutConnectionException(e, patience.silence());
        } catch (IOException e) {
            throw new CutConnectionException(e);
        }
    }

    /// Gives what identifies the file on the server. Without it nothing is continued.
    private static @Nullable String validator(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .or(() -> answer.headers().firstValue("Last-Modified"))
                .filter(known -> !known.isEmpty())
                .orElse(null);
    }

    private static void await(Duration pause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DownloadFaults.interrupted(e);
        }
    }
}
