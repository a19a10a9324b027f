package dev.graft.trainer.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.bench.TuningTrial;
import dev.graft.networks.bench.TuningTrial.Trained;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Step;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.bench.RandomWeights;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.TunablePart;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The files that all contenders of a trial share.
///
/// @param folder where they lie
/// @param trial what is measured
record TrialFolder(Path folder, TuningTrial trial) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHANNELS = 3;
    private static final long SEED = 1;
    private static final ValueLayout.OfFloat LITTLE_ENDIAN = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Reads what is measured.
    ///
    /// @throws IOException when the folder has no trial
    static TrialFolder open(Path folder) throws IOException {
        return new TrialFolder(
                folder, JSON.readValue(folder.resolve(TuningTrial.FILE).toFile(), TuningTrial.class));
    }

    /// Returns the part that is trained.
    TunablePart part() {
        return TunablePart.of(features(), trial.stages(), List.of(trial.classes()));
    }

    /// Returns the whole network with the head behind it.
    Network whole() {
        return TunablePart.of(features(), List.of(FineTuneSettings.ALL), List.of(trial.classes()))
                .upper();
    }

    private Network features() {
        Backbone backbone = backbone();
        return backbone.network().upTo(backbone.defaultLayer());
    }

    private Backbone backbone() {
        return Catalogue.standard()
                .findTrainedOrNot(trial.backbone())
                .orElseThrow(() -> new IllegalArgumentException("there is no backbone " + trial.backbone()))
                .withInputSize(trial.inputSize());
    }

    /// Writes images of noise, weights, and what is trained: the bundled weights, or else random ones, so
    /// that nothing has to be downloaded.
    ///
    /// @throws IOException when the disk fails
    void fill() throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel file = FileChannel.open(
                        folder.resolve(TuningTrial.PIXELS),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            MemorySegment pixels = file.map(MapMode.READ_WRITE, 0, pixelsBytes(), arena);
            SplittableRandom noise = new SplittableRandom(SEED);
            long floats = pixels.byteSize() / Float.BYTES;
            for (long i = 0; i < floats; i++) {
                pixels.setAtIndex(LITTLE_ENDIAN, i, (float) noise.nextDouble(-2, 2));
            }
        }
        TunablePart part = part();
        Network whole = whole();
        Map<String, FloatTensor> tensors = new HashMap<>();
        String headName = part.upper().output().name();
        Weights random = RandomWeights.of(whole);
        try (Safetensors bundled = bundled();
                OutputStream out = Files.newOutputStream(folder.resolve(TuningTrial.WEIGHTS))) {
            for (ParameterSpec parameter : whole.parameters()) {
                boolean ofHead = parameter.name().startsWith(headName + ".");
                tensors.put(parameter.name(), (ofHead || bundled == null ? random : bundled).tensor(parameter));
            }
            SafetensorsWriter.write(out, Map.of(), tensors);
        }
        JSON.writeValue(
                folder.resolve(TuningTrial.TRAINED).toFile(),
                new Trained(
                        headName,
                        trained(part).stream().map(ParameterSpec::name).toList()));
    }

    /// @return null where the weights are not bundled
    private @Nullable Safetensors bundled() throws IOException {
        return BundledWeights.contains(trial.backbone())
                ? new BundledWeights(folder.resolve("bundled"))
                        .open(trial.backbone(), backbone().sha256().orElseThrow())
                : null;
    }

    /// Returns the parameters that are trained.
    static List<ParameterSpec> trained(TunablePart part) {
        return part.upper().steps().stream()
                .filter(step -> Set.copyOf(part.trained()).contains(step.node()))
                .map(Step::parameters)
                .flatMap(List::stream)
                .filter(ParameterSpec::learned)
                .toList();
    }

    /// Maps the images.
    ///
    /// @return float32 `[images, 3, size, size]` in native byte order
    /// @throws IOException when they are not there
    MemorySegment pixels(Arena arena) throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve(TuningTrial.PIXELS))) {
            return file.map(MapMode.READ_ONLY, 0, pixelsBytes(), arena);
        }
    }

    /// Returns how many numbers an image has.
    int floatsPerImage() {
        return CHANNELS * trial.inputSize() * trial.inputSize();
    }

    private long pixelsBytes() {
        return (long) trial.images() * floatsPerImage() * Float.BYTES;
    }

    /// Opens the weights, the head's among them. The caller closes them.
    ///
    /// @throws IOException when they are not there
    Safetensors weights() throws IOException {
        return Safetensors.open(folder.resolve(TuningTrial.WEIGHTS));
    }

    /// Returns the class of images.
    int[] labels(int[] batch) {
        int[] labels = new int[batch.length];
        for (int i = 0; i < batch.length; i++) {
            labels[i] = batch[i] % trial.classes();
        }
        return labels;
    }
}
