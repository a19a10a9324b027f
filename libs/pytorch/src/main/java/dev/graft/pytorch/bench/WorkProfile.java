package dev.graft.pytorch.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.onnxruntime.OrtSessions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Finds what a forward pass in float32 in ONNX Runtime spends its time on, and how fast each kind of work is done:
/// this says what limits a network on a machine.
///
/// The times are those of ONNX Runtime's own profile, the median over the passes for each operator, so that a pass in
/// which the machine did something else counts for nothing. The multiply-adds follow from the shapes in the same
/// profile, which says nothing of the weights of eight-bit operators.
final class WorkProfile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PASSES = 15;
    private static final int CHANNELS = 3;
    private static final String MATRICES = "matrix products";

    private WorkProfile() {}

    /// One kind of work.
    ///
    /// @param timeShare its part of the time of all operators
    /// @param multiplyAddsPerSecond on all threads together; 0 for work without products
    record Work(String kind, double timeShare, double multiplyAddsPerSecond) {}

    /// Measures on several threads at once, as the engine is used.
    ///
    /// @param model a model of [BackboneExport#features] in float32
    /// @return the kinds of work, the longest first
    static List<Work> measure(OnnxModel model, int threads, int batch, int inputSize)
            throws IOException, OrtException, InterruptedException, ExecutionException {
        Path folder = Files.createTempDirectory("graft-profile");
        try (Arena arena = Arena.ofConfined();
                OrtSession session = OrtSessions.openProfiled(model.toBuffer(arena), folder.resolve("profile"))) {
            run(session, threads, batch, inputSize);
            return summary(JSON.readTree(Path.of(session.endProfiling()).toFile()), threads);
        } finally {
            remove(folder);
        }
    }

    /// Removes a folder with its files: a session writes its profile when it is closed, too, where a pass failed.
    private static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void run(OrtSession session, int threads, int batch, int inputSize)
            throws InterruptedException, ExecutionException {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(pool.submit(() -> {
                    FloatBuffer values = FloatBuffer.wrap(
                            Turns.noise(new SplittableRandom(batch), batch * CHANNELS * inputSize * inputSize));
                    long[] shape = {batch, CHANNELS, inputSize, inputSize};
                    try (OnnxTensor images = OnnxTensor.createTensor(OrtSessions.environment(), values, shape)) {
                        for (int pass = 0; pass < PASSES; pass++) {
                            session.run(Map.of(BackboneExport.IMAGES, images)).close();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        }
    }

    /// One operator of the graph.
    ///
    /// @param multiplyAdds of one pass
    /// @param micros       how long each pass spent in it
    private record Operator(String kind, double multiplyAdds, List<Long> micros) {
        Operator(String kind, double multiplyAdds) {
            this(kind, multiplyAdds, new ArrayList<>());
        }

        double medianMicros() {
            return micros.stream().sorted().toList().get(micros.size() / 2);
        }
    }

    /// Sums up a profile by kind of work.
    ///
    /// @param events of a profile of ONNX Runtime, whose durations are microseconds
    static List<Work> summary(JsonNode events, int threads) {
        Map<String, Operator> operators = new HashMap<>();
        for (JsonNode event : events) {
            JsonNode arguments = event.path("args");
            if (event.path("cat").asText().equals("Node") && arguments.has("op_name")) {
                operators
                        .computeIfAbsent(arguments.path("node_index").asText(), _ -> operator(arguments))
                        .micros()
                        .add(event.path("dur").asLong());
            }
        }
        Map<String, List<Operator>> kinds = operators.values().stream()
                .collect(Collectors.groupingBy(Operator::kind, TreeMap::new, Collectors.toList()));
        double totalMicros =
                operators.values().stream().mapToDouble(Operator::medianMicros).sum();
        return kinds.entrySet().stream()
                .map(kind -> work(kind.getKey(), kind.getValue(), totalMicros, threads))
                .sorted(Comparator.comparingDouble(Work::timeShare).reversed())
                .toList();
    }

    private static Work work(String kind, List<Operator> operators, double totalMicros, int threads) {
        double micros = operators.stream().mapToDouble(Operator::medianMicros).sum();
        double multiplyAdds =
                operators.stream().mapToDouble(Operator::multiplyAdds).sum();
        return new Work(kind, micros / totalMicros, micros == 0 ? 0 : threads * 1e6 * multiplyAdds / micros);
    }

    private static Operator operator(JsonNode arguments) {
        String name = arguments.path("op_name").asText();
        List<long[]> inputs = shapes(arguments.path("input_type_shape"));
        List<long[]> outputs = shapes(arguments.path("output_type_shape"));
        long results = outputs.isEmpty() ? 0 : elements(outputs.getFirst());
        return switch (name) {
            case "Conv", "FusedConv" -> convolution(inputs.get(0), inputs.get(1), results);
            case "MatMul", "FusedMatMul", "Gemm", "FusedGemm" ->
                new Operator(MATRICES, (double) results * inputs.getFirst()[inputs.getFirst().length - 1]);
            default -> new Operator(name, 0);
        };
    }

    /// Counts the multiply-adds of a convolution.
    ///
    /// @param filters `[outChannels, inChannels / groups, height, width]`
    private static Operator convolution(long[] images, long[] filters, long results) {
        boolean depthwise = filters[1] == 1 && images[1] > 1;
        boolean pointwise = filters[2] == 1 && filters[3] == 1;
        return new Operator(
                depthwise ? "depthwise convolutions" : pointwise ? "1x1 convolutions" : "larger convolutions",
                (double) results * filters[1] * filters[2] * filters[3]);
    }

    /// Reads shapes as a profile writes them: a list of objects that map an element type to a shape.
    private static List<long[]> shapes(JsonNode tensors) {
        List<long[]> shapes = new ArrayList<>();
        for (JsonNode tensor : tensors) {
            JsonNode shape = tensor.isEmpty() ? tensor : tensor.elements().next();
            shapes.add(IntStream.range(0, shape.size())
                    .mapToLong(axis -> shape.get(axis).asLong())
                    .toArray());
        }
        return shapes;
    }

    private static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
