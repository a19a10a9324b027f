package dev.graft.pytorch.bench;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.bench.BackboneSpeedView;
import dev.graft.networks.bench.BackboneSpeedView.SpeedView;
import dev.graft.networks.bench.BackboneSpeedView.WorkView;
import dev.graft.networks.network.Network;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.quantisation.Quantisation;
import dev.graft.networks.weights.Weights;
import dev.graft.onnxruntime.OnnxRuntimeEngine;
import dev.graft.pytorch.engine.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Measures the forward pass of one network in each engine and precision, and beside them a model that another program
/// wrote, in turns, and prints one JSON object.
///
/// ```
/// java -cp 'feature-service/target/quarkus-app/lib/main/*:feature-service/target/quarkus-app/app/*' \
///     dev.graft.pytorch.bench.BackboneSpeed BACKBONE THREADS MILLIS BATCH[,BATCH…] [MODEL.onnx]
/// ```
public final class BackboneSpeed {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String F32 = "f32";

    private static final Network PRODUCT = MatrixProduct.network();

    private final Backbone backbone;
    private final int threads;
    private final Turns turns;

    private BackboneSpeed(Backbone backbone, int threads, Duration turn) {
        this.backbone = backbone;
        this.threads = threads;
        this.turns = new Turns(threads, turn);
    }

    /// Runs the measurement.
    ///
    /// @throws Exception when an engine refuses the network, or a measurement fails
    @SuppressWarnings("SystemOut") // This is a command; its answer is its output.
    public static void main(String[] arguments) throws Exception {
        try {
            System.out.println(JSON.writeValueAsString(answer(List.of(arguments))));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static BackboneSpeedView answer(List<String> arguments) throws Exception {
        if (arguments.size() < 4) {
            throw new IllegalArgumentException(
                    "usage: BackboneSpeed BACKBONE THREADS MILLIS BATCH[,BATCH…] [MODEL.onnx]");
        }
        BackboneSpeed speed = new BackboneSpeed(
                Catalogue.standard().get(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                Duration.ofMillis(Long.parseLong(arguments.get(2))));
        List<Integer> batches =
                Stream.of(arguments.get(3).split(",", -1)).map(Integer::valueOf).toList();
        List<Path> foreign = arguments.stream().skip(4).map(Path::of).toList();
        return speed.measure(batches, foreign);
    }

    private BackboneSpeedView measure(List<Integer> batches, List<Path> foreign) throws Exception {
        Network network = backbone.network().upTo(backbone.defaultLayer());
        List<SpeedView> views = new ArrayList<>();
        double peakSum = 0;
        for (int batch : batches) {
            List<Contender> contenders = new ArrayList<>();
            try {
                contenders.add(product());
                addContenders(network, batch, foreign, contenders);
                List<Double> speeds = turns.measure(contenders);
                double peak = speeds.getFirst() * PRODUCT.multiplyAdds();
                peakSum += peak;
                for (int i = 1; i < contenders.size(); i++) {
                    views.add(view(contenders.get(i), speeds.get(i), network.multiplyAdds() / peak));
                }
            } finally {
                contenders.forEach(Contender::close);
            }
        }
        double peak = peakSum / batches.size();
        return new BackboneSpeedView(
                backbone.name(),
                network.inputSize(),
                backbone.network().parameterCount(),
                network.multiplyAdds(),
                threads,
                Math.rint(peak),
                views,
                work(network, batches.getFirst(), peak));
    }

    private List<WorkView> work(Network network, int batch, double peak) throws Exception {
        OnnxModel model = BackboneExport.features(network, RandomWeights.of(network));
        return WorkProfile.measure(model, threads, batch, network.inputSize()).stream()
                .map(work -> new WorkView(
                        batch,
                        work.kind(),
                        rounded(work.timeShare(), 1000),
                        rounded(work.multiplyAddsPerSecond() / peak, 1000)))
                .toList();
    }

    private static SpeedView view(Contender contender, double imagesPerSecond, double peakSharePerImage) {
        return new SpeedView(
                contender.engine(),
                contender.precision(),
                contender.batch(),
                rounded(imagesPerSecond, 10),
                rounded(imagesPerSecond * peakSharePerImage, 1000));
    }

    private Contender product() {
        Weights weights = RandomWeights.of(PRODUCT);
        return Contender.of(
                "peak", F32, MatrixProduct.ROWS, OnnxRuntimeEngine.load(PRODUCT, weights, threads, MatrixProduct.ROWS));
    }

    private void addContenders(Network network, int batch, List<Path> foreign, List<Contender> contenders)
            throws OrtException {
        Weights weights = RandomWeights.of(network);
        for (String engine : List.of("onnxruntime", "pytorch")) {
            contenders.add(Contender.of(
                    engine, F32, batch, EngineChoice.parse(engine, "cpu").load(network, weights, threads, batch)));
        }
        if (BackboneExport.takesEightBits(network)) {
            Quantisation eightBits = RandomRanges.of(backbone, weights, threads);
            contenders.add(Contender.of(
                    "onnxruntime",
                    "int8",
                    batch,
                    OnnxRuntimeEngine.load(network, weights, Optional.of(eightBits), threads, batch)));
        }
        for (Path file : foreign) {
            ForeignModel model = new ForeignModel(file, network.inputSize());
            contenders.add(new Contender(
                    "onnxruntime, graph by PyTorch's exporter",
                    F32,
                    network.inputSize(),
                    batch,
                    model::run,
                    model::close));
        }
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}
