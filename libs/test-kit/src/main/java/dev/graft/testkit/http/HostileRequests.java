package dev.graft.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Sends requests that are wrong in every way to all operations of a service, and collects what it does not answer as
/// it must: within a deadline, with a status below 500, and with a problem when it refuses.
public final class HostileRequests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ATTACKERS = 6;
    private static final String PROBLEM = "application/problem+json";
    private static final String FORM = "multipart/form-data";
    private static final int TOO_LONG = 300;
    private static final List<String> CONTENT_TYPES = List.of(
            "nonsense",
            "jpeg",
            "image",
            "image/",
            "/jpeg",
            "image/*",
            "*/*",
            "",
            ";",
            "image/png, image/jpeg",
            "text/plain;charset=none",
            FORM,
            FORM + ";boundary=",
            "a/" + "b".repeat(TOO_LONG));

    private final URI service;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    private HostileRequests(URI service) {
        this.service = service;
    }

    /// Has slow bodies ended soon, so that a test need not wait for long.
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("graft.http.pace-window", "2s");
        }
    }

    /// Tries all operations.
    ///
    /// @param values of path parameters, of things that exist: by name (`id`) or, where several have it, by the
    ///               path that it ends (`/v1/images/{id}`)
    /// @return what was not answered as it must be, a line each
    /// @throws ExecutionException when an attack itself failed, with what it failed by
    public static List<String> faults(URI service, Map<String, String> values)
            throws IOException, InterruptedException, ExecutionException {
        JsonNode document = DocumentRules.document(service);
        HostileRequests requests = new HostileRequests(service);
        // What deletes must find nothing.
        List<Operation> operations = Operation.of(document, values, Map.of());
        if (operations.isEmpty()) {
            throw new AssertionError("the document describes no operations");
        }
        // Most of the time passes in waiting for the end of slow bodies.
        try (ExecutorService attackers = Executors.newFixedThreadPool(ATTACKERS)) {
            List<Future<Object>> attacks = attackers.invokeAll(operations.stream()
                    .map(operation -> Executors.callable(() -> requests.attack(operation)))
                    .toList());
            for (Future<Object> attack : attacks) {
                attack.get();
            }
        }
        return List.copyOf(requests.faults);
    }

    private void attack(Operation operation) {
        refused(operation.path() + " with a method that is none", "BREW", operation, "", new byte[0]);
        refusedAddress(operation);
        // What does not read a body does not read its type.
        if (operation.mediaTypes().isEmpty()) {
            return;
        }
        for (String contentType : CONTENT_TYPES) {
            refused("Content-Type '" + contentType + "'", operation, "Content-Type: " + contentType, bytes("x"));
        }
        String mediaType = operation.mediaTypes().getFirst().replace("*", "png");
        String header = "Content-Type: " + mediaType;
        refused("two Content-Types", operation, header + "\r\n" + header, bytes("x"));
        refused("gzip", operation, header + "\r\nContent-Encoding: gzip", gzip(bytes("x".repeat(TOO_LONG))));
        refused("a Content-Length that lies", operation, header + "\r\nContent-Length: 1000", bytes("{"));
        refused("chunks without an end", operation, header + "\r\nTransfer-Encoding: chunked", bytes("1\r\n{\r\n"));
        ended("chunks that are none", operation, header + "\r\nTransfer-Encoding: chunked", bytes("zz\r\n{\r\n"));
        JsonNode example = operation.example();
        if (example != null) {
            HostileBodies.unreadable(example).forEach((what, body) -> pointedAt(what, operation, header, body));
            if (operation.closed()) {
                pointedAt("a member that nobody knows", operation, header, HostileBodies.surplus(example));
            }
            HostileBodies.doubtful(example, operation.further())
                    .forEach((what, body) -> answered(what, operation, header, body));
            refused("Expect", operation, header + "\r\nExpect: 100-continue", bytes("null"));
        }
        if (operation.mediaTypes().contains(FORM)) {
            attackForm(operation);
        }
    }

    private void refusedAddress(Operation operation) {
        for (String end : List.of("?a=" + "n".repeat(60_000), "?a=%00", "%00")) {
            Operation there = operation.at(operation.path() + end);
            refused("an address that ends with " + end.substring(0, 3) + "…", there, "", new byte[0]);
        }
    }

    private void attackForm(Operation operation) {
        String header = "Content-Type: " + FORM + "; boundary=x";
        String part = "--x\r\nContent-Disposition: form-data; ";
        String content = "p".repeat(5_000);
        refused("an empty form", operation, header, new byte[0]);
        refused("a form without parts", operation, header, bytes("--x--\r\n"));
        refused(
                "a form without an end",
                operation,
                header,
                bytes(part + "name=\"f\"; filename=\"a\"\r\n\r\n" + content));
        refused("a form of another boundary", operation, header, bytes("--y\r\n\r\nz\r\n--y--\r\n"));
        refused("a part without a name", operation, header, bytes(part + "\r\n\r\n" + content + "\r\n--x--\r\n"));
        refused("a part without headers", operation, header, bytes("--x\r\n\r\n" + content + "\r\n--x--\r\n"));
        refused(
                "a part without a filename",
                operation,
                header,
                bytes(part + "name=\"f\"\r\n\r\n" + content + "\r\n--x--\r\n"));
        refused("broken headers of a part", operation, header, bytes("--x\r\n:\r\r\n\n" + content + "\r\n--x--\r\n"));
    }

    private void refused(String what, Operation operation, String headers, byte[] body) {
        refused(what, operation.method(), operation, headers, body);
    }

    private void refused(String what, String method, Operation operation, String headers, byte[] body) {
        RawAnswer unused = answer(what, method, operation, headers, body, true);
    }

    /// A body that is refused is pointed at: who sent it need not guess whether an address or a header was meant.
    private void pointedAt(String what, Operation operation, String headers, byte[] body) {
        RawAnswer answer = answer(what, operation.method(), operation, headers, body, true);
        if (answer != null && answer.status() == 400 && !answer.body().contains("\"pointer\":")) {
            faults.add("%s %.100s, %s: no pointer in %s"
                    .formatted(operation.method(), operation.path(), what, answer.body()));
        }
    }

    /// What is no HTTP may be ended without an answer, but must be ended.
    private void ended(String what, Operation operation, String headers, byte[] body) {
        try {
            RawAnswer answer = RawAnswer.to(service, request(operation.method(), operation, headers, body), PATIENCE);
            if (answer.status() >= 500) {
                faults.add("%s %s, %s: %s".formatted(operation.method(), operation.path(), what, answer));
            }
        } catch (IOException e) {
            faults.add("%s %s, %s: %s".formatted(operation.method(), operation.path(), what, e));
        }
    }

    private void answered(String what, Operation operation, String headers, byte[] body) {
        RawAnswer unused = answer(what, operation.method(), operation, headers, body, false);
    }

    /// @return absent when there was none
    private @Nullable RawAnswer answer(
            String what, String method, Operation operation, String headers, byte[] body, boolean mustBeRefused) {
        String line = "%s %.100s, %s: ".formatted(method, operation.path(), what);
        try {
            RawAnswer answer = RawAnswer.to(service, request(method, operation, headers, body), PATIENCE);
            fault(answer, mustBeRefused).ifPresent(fault -> faults.add(line + fault));
            return answer;
        } catch (IOException e) {
            faults.add(line + e);
            return null;
        }
    }

    private static Optional<String> fault(RawAnswer answer, boolean mustBeRefused) {
        // What may be right asks a backend, which may be away in a test.
        boolean away =
                !mustBeRefused && answer.status() == 503 && answer.headers().containsKey("retry-after");
        if (answer.status() >= 500 && !away || answer.status() == 0) {
            return Optional.of(answer.status() + " " + answer.body());
        }
        if (answer.status() < 400) {
            return mustBeRefused ? Optional.of("accepted by " + answer.status()) : Optional.empty();
        }
        if (answer.status() == 405 && !answer.headers().containsKey("allow")) {
            return Optional.of("405 without Allow");
        }
        // What is no HTTP is answered by the layer below, which knows no problems.
        boolean noHttp = answer.body().isEmpty() && answer.status() == 400;
        boolean problem = PROBLEM.equals(answer.headers().get("content-type"));
        return noHttp || problem ? Optional.empty() : Optional.of(answer.status() + " without a problem");
    }

    private static byte[] request(String method, Operation operation, String headers, byte[] body) {
        boolean sized = headers.contains("Content-Length:") || headers.contains("Transfer-Encoding:");
        String head = method + " " + operation.path() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (headers.isEmpty() ? "" : headers + "\r\n")
                + (sized ? "" : "Content-Length: " + body.length + "\r\n")
                + "\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(ISO_8859_1));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }
}
