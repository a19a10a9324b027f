package dev.graft.cli.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Stands in for a site that publishes one file, or for a proxy before it. It cuts connections, falls silent or
/// sends nonsense as a test asks.
public final class Hub implements AutoCloseable {
    private final HttpServer server;
    private final String path;
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private volatile byte[] file;
    private volatile String tag = "\"first\"";
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int cuts;
    private volatile int cutAfterBytes;
    private volatile boolean silent;
    private volatile boolean wholeOnly;
    private volatile @Nullable String range;
    private volatile String asked = "";
    private volatile @Nullable String wantedCredentials;

    /// Publishes a file under a path.
    public Hub(String path, byte[] file) throws IOException {
        this.path = path;
        this.file = file;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /// Gives the address of the site.
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    URI source() {
        return address().resolve(path);
    }

    /// Gives the ranges that were asked for, "" where none was.
    public List<String> ranges() {
        return new ArrayList<>(ranges);
    }

    /// Cuts the next connections after so many bytes of a body.
    public void cut(int connections, int afterBytes) {
        cuts = connections;
        cutAfterBytes = afterBytes;
        silent = false;
    }

    /// Sends nothing more on the next connections after so many bytes of a body, and keeps them open.
    void fallSilent(int connections, int afterBytes) {
        cut(connections, afterBytes);
        silent = true;
    }

    /// Sends the whole file whatever piece is asked for.
    void knowNoRanges() {
        wholeOnly = true;
    }

    /// Says of every piece that it is this one.
    void lieAboutRanges(String contentRange) {
        range = contentRange;
    }

    /// Gives the address that was asked for last, as the request wrote it.
    String asked() {
        return asked;
    }

    /// Answers, as a proxy, only those who introduce themselves with this (RFC 7617).
    void wantCredentials(String basic) {
        wantedCredentials = "Basic " + basic;
    }

    void replace(byte[] newFile) {
        file = newFile;
        tag = "\"second\"";
    }

    void forgetTag() {
        tag = "";
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked = exchange.getRequestURI().toString();
        String credentials = exchange.getRequestHeaders().getFirst("Proxy-Authorization");
        if (wantedCredentials != null && !wantedCredentials.equals(credentials)) {
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"proxy\"");
            exchange.sendResponseHeaders(407, -1);
            return;
        }
        if (exchange.getRequestURI().getPath().equals("/moved")) {
            exchange.getResponseHeaders().set("Location", path);
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        if (!exchange.getRequestURI().getPath().equals(path)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        String wanted = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(wanted == null ? "" : wanted);
        if (!tag.isEmpty()) {
            exchange.getResponseHeaders().set("ETag", tag);
        }
        boolean same = tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
        int from =
                wanted == null || !same || wholeOnly ? 0 : Integer.parseInt(wanted.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= file.length) {
            say(exchange, "bytes */" + file.length);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (from > 0) {
            say(exchange, "bytes %d-%d/%d".formatted(from, file.length - 1, file.length));
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
        send(exchange, from);
    }

    private void say(HttpExchange exchange, String contentRange) {
        exchange.getResponseHeaders().set("Content-Range", Objects.requireNonNullElse(range, contentRange));
    }

    private void send(HttpExchange exchange, int from) throws IOException {
        int until = file.length;
        boolean keepsOpen = false;
        if (cuts > 0) {
            cuts--;
            until = Math.min(until, from + cutAfterBytes);
            keepsOpen = silent;
        }
        exchange.getResponseBody().write(file, from, until - from);
        exchange.getResponseBody().flush();
        if (keepsOpen) {
            awaitClose();
        }
        exchange.close();
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
