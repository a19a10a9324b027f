package dev.graft.cli.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Stands in for a site that publishes one file, and cuts connections when it is told to.
public final class Hub implements AutoCloseable {
    private final HttpServer server;
    private final String path;
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private volatile byte[] file;
    private volatile String tag = "\"first\"";
    private volatile int cuts;
    private volatile int cutAfterBytes;

    /// Publishes a file under a path.
    public Hub(String path, byte[] file) throws IOException {
        this.path = path;
        this.file = file;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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
    }

    void replace(byte[] newFile) {
        file = newFile;
        tag = "\"second\"";
    }

    void forgetTag() {
        tag = "";
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "" : range);
        if (!tag.isEmpty()) {
            exchange.getResponseHeaders().set("ETag", tag);
        }
        boolean same = tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
        int from = range == null || !same ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= file.length) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + file.length);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, file.length - 1, file.length));
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
        int until = file.length;
        if (cuts > 0) {
            cuts--;
            until = Math.min(until, from + cutAfterBytes);
        }
        exchange.getResponseBody().write(file, from, until - from);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
