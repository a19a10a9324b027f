package dev.graft.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The answer to a request that was written byte by byte.
///
/// @param status  0 when the connection was closed without an answer
/// @param headers by lower-case name
/// @param body    as far as it was read
public record RawAnswer(int status, Map<String, String> headers, String body) {
    private static final int BUFFER_BYTES = 1 << 13;

    /// Sends a request and reads its answer.
    ///
    /// @throws SocketTimeoutException when there is none in time
    public static RawAnswer to(URI service, byte[] request, Duration patience) throws IOException {
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            write(socket.getOutputStream(), request);
            return read(socket.getInputStream());
        }
    }

    /// A service may answer and close before it has read everything: what matters then is the answer.
    private static void write(OutputStream out, byte[] request) {
        try {
            out.write(request);
            out.flush();
        } catch (IOException closed) {
            // The answer says why.
        }
    }

    /// Reads an answer to its end: by its length, by its last chunk, or to the end of the connection.
    public static RawAnswer read(InputStream in) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return new RawAnswer(0, Map.of(), "");
        }
        String[] lines = head.split("\r\n");
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        if (status == 100) {
            return read(in);
        }
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new RawAnswer(status, headers, new String(body(in, headers, status), UTF_8));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) >= 0) {
            head.write(b);
            if (head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(ISO_8859_1);
            }
        }
        return "";
    }

    private static byte[] body(InputStream in, Map<String, String> headers, int status) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        String length = headers.get("content-length");
        if (length != null) {
            return in.readNBytes(Integer.parseInt(length));
        }
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            return chunks(in);
        }
        return in.readAllBytes();
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(BUFFER_BYTES);
        while (true) {
            int size = Integer.parseInt(line(in), 16);
            body.write(in.readNBytes(size));
            line(in);
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int b;
        while ((b = in.read()) != '\n') {
            if (b < 0) {
                throw new EOFException("the connection was closed inside a chunked answer");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
