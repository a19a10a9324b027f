package dev.graft.testkit.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.graft.testkit.DeployedMemory;
import dev.graft.testkit.LargeImages;
import dev.graft.testkit.ShippedService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/// Sends a service more than it takes, wave after wave, and looks at its memory.
///
/// @param answers    how often each status was answered
/// @param waveBytes  resident memory after each wave
/// @param peakBytes  greatest resident memory
/// @param limitBytes what the container of the service may take
public record Overload(Map<Integer, Integer> answers, List<Long> waveBytes, long peakBytes, long limitBytes) {
    private static final Path LOG = Path.of("target", "overloaded-service.log");
    private static final Duration START = Duration.ofMinutes(2);
    private static final long ALLOCATORS_BYTES = 128L << 20;
    private static final int CLIENTS = 64;
    private static final int REFUSED = 503;
    private static final int WAVES = 2;
    private static final int PHOTOGRAPHS = 30;
    /// A file of nearly 20 MiB.
    private static final int PHOTOGRAPH_PIXELS = 2_600;
    private static final int LARGEST_PIXELS = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public Overload {
        answers = Map.copyOf(answers);
        waveBytes = List.copyOf(waveBytes);
    }

    /// Proves that clients were served, that the memory stayed within the limit, and that no memory outside the heap is
    /// left over from wave to wave. Allocators keep some or not: the buffers of a pass of the engine, on each
    /// thread. Whether anybody was refused depends on how fast the machine is, and is not asked.
    public void assertBounded() {
        Assertions.assertThat(answers.keySet()).as("%s", this).anyMatch(status -> status < REFUSED);
        Assertions.assertThat(peakBytes).as("%s", this).isLessThan(limitBytes);
        Assertions.assertThat(waveBytes.getLast() - waveBytes.getFirst())
                .as("%s", this)
                .isLessThan(ALLOCATORS_BYTES);
    }

    /// Starts a service with the memory that it is deployed with, and has 64 clients send it one of the requests each,
    /// by turns and all at once, twice.
    ///
    /// @param service  the one of the module under test, for example `predict-service`
    /// @param requests see [#images]
    /// @throws AssertionError     when a client had no answer, or neither success nor a 503 with `Retry-After`
    /// @throws ExecutionException when a connection failed
    public static Overload of(String service, List<byte[]> requests)
            throws IOException, InterruptedException, ExecutionException {
        Files.deleteIfExists(LOG);
        DeployedMemory memory = DeployedMemory.of(service);
        ShippedService process = ShippedService.start(LOG, memory.withResidentHeap());
        try {
            Awaitility.await().atMost(START).until(process::isReady);
            return of(process, memory, requests);
        } finally {
            process.kill();
        }
    }

    private static Overload of(ShippedService service, DeployedMemory memory, List<byte[]> requests)
            throws IOException, InterruptedException, ExecutionException {
        List<Callable<RawAnswer>> wave = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            byte[] request = requests.get(client % requests.size());
            wave.add(() -> RawAnswer.to(service.address(), request, PATIENCE));
        }
        Map<Integer, Integer> answers = new TreeMap<>();
        List<Long> waveBytes = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < WAVES; i++) {
                for (Future<RawAnswer> answer : clients.invokeAll(wave)) {
                    answers.merge(checked(answer.get()), 1, Integer::sum);
                }
                waveBytes.add(service.residentMemory().bytes());
            }
        }
        return new Overload(answers, waveBytes, service.residentMemory().peakBytes(), memory.limitBytes());
    }

    /// Makes requests that send images: photographs as large as files may be, and among 32 files two small ones
    /// of a hundred megapixels, which take as much memory as any may.
    public static List<byte[]> images(String path) {
        List<byte[]> requests = new ArrayList<>(
                Collections.nCopies(PHOTOGRAPHS, post(path, "image/png", LargeImages.noisePng(PHOTOGRAPH_PIXELS))));
        requests.add(post(path, "image/webp", LargeImages.tinyWebp()));
        requests.add(post(path, "image/png", LargeImages.diagonalPng(LARGEST_PIXELS)));
        return requests;
    }

    private static byte[] post(String path, String contentType, byte[] body) {
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.formatted(path, contentType, body.length).getBytes(US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private static int checked(RawAnswer answer) {
        if (answer.status() < 200) {
            throw new AssertionError("the connection was closed without an answer");
        }
        if (answer.status() >= 300
                && (answer.status() != REFUSED || !answer.headers().containsKey("retry-after"))) {
            throw new AssertionError("neither done nor asked to come back: " + answer);
        }
        return answer.status();
    }
}
