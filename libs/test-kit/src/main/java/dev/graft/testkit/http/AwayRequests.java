package dev.graft.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.testkit.TimedRequests;
import dev.graft.testkit.TimedRequests.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Asks all operations of a service while something that it needs is away.
///
/// @param answers by method and path
public record AwayRequests(Map<String, Answer> answers) {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final String FORM = "multipart/form-data";

    /// Asks them all at once.
    ///
    /// @param values  of path parameters, of things that exist: by name (`id`) or, where several have it, by the
    ///                path that it ends (`/v1/images/{id}`)
    /// @param deleted the same for operations that delete
    /// @param image   the body of what takes no JSON
    public static AwayRequests ask(URI service, Map<String, String> values, Map<String, String> deleted, byte[] image)
            throws IOException, InterruptedException, ExecutionException {
        List<Operation> operations = Operation.of(DocumentRules.document(service), values, deleted);
        if (operations.isEmpty()) {
            throw new AssertionError("the document describes no operations");
        }
        TimedRequests requests = new TimedRequests("http://" + service.getAuthority());
        Map<String, Future<Answer>> asked = new TreeMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Operation operation : operations) {
                asked.put(
                        operation.method() + " " + operation.path(),
                        clients.submit(() -> ask(requests, operation, image)));
            }
        }
        Map<String, Answer> answers = new TreeMap<>();
        for (Map.Entry<String, Future<Answer>> each : asked.entrySet()) {
            answers.put(each.getKey(), each.getValue().get());
        }
        return new AwayRequests(answers);
    }

    private static Answer ask(TimedRequests requests, Operation operation, byte[] image) {
        String mediaType = operation.mediaTypes().isEmpty()
                ? ""
                : operation.mediaTypes().getFirst().replace("*", "png");
        byte[] body =
                operation.example() != null ? operation.example().toString().getBytes(UTF_8) : image;
        return mediaType.equals(FORM)
                ? requests.ask(operation.method(), operation.path(), FORM + "; boundary=x", form(image))
                : requests.ask(operation.method(), operation.path(), mediaType, body);
    }

    private static byte[] form(byte[] image) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes("--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n"
                .concat("Content-Type: image/png\r\n\r\n")
                .getBytes(ISO_8859_1));
        form.writeBytes(image);
        form.writeBytes("\r\n--x--\r\n".getBytes(ISO_8859_1));
        return form.toByteArray();
    }

    /// Finds what was not answered as it must be, a line each: in time, and by a status below 500, or by 503 with
    /// the time to come back.
    public List<String> faults() {
        return answers.entrySet().stream()
                .filter(each -> each.getValue().took().compareTo(LONGEST) >= 0
                        || each.getValue().status() >= 500 && !each.getValue().isAway())
                .map(each -> each.getKey() + ": " + each.getValue())
                .toList();
    }

    /// Gives the operations whose clients were asked to come back, by method and path.
    public List<String> away() {
        return answers.entrySet().stream()
                .filter(each -> each.getValue().isAway())
                .map(Map.Entry::getKey)
                .toList();
    }
}
