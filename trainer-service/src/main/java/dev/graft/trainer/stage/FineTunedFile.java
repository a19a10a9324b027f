package dev.graft.trainer.stage;

import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.trainer.finetune.FineTuned;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What fine-tuning came to, as a safetensors file: the trained parameters of the backbone as `backbone.NAME`, the
/// layers of the head as `head.0.weight` and so on, and as metadata how the training went. Equal results give equal
/// bytes.
public final class FineTunedFile {
    private static final String FORMAT = "graft.fine-tuned/1";
    private static final String BACKBONE = "backbone.";
    private static final String HEAD = "head.";

    private FineTunedFile() {}

    /// Writes a file.
    ///
    /// @param labels the classes, in the order of the output
    /// @param architecture of the head, as written
    public static byte[] write(FineTuned tuned, List<String> labels, String architecture) {
        Map<String, FloatTensor> tensors = new TreeMap<>(HeadFile.tensors(tuned.head(), HEAD));
        tuned.parameters().forEach((name, tensor) -> tensors.put(BACKBONE + name, tensor));
        Map<String, String> metadata = new HashMap<>(HeadFile.metadata(tuned.head(), labels, architecture));
        metadata.put("format", FORMAT);
        metadata.put("bestEpoch", String.valueOf(tuned.bestEpoch()));
        return SafetensorsWriter.toBytes(metadata, tensors);
    }

    /// Reads a file that [#write] made.
    public static FineTuned read(byte[] bytes) {
        try (Safetensors file = Safetensors.of(bytes)) {
            SequencedMap<String, FloatTensor> parameters = new LinkedHashMap<>();
            for (String name : new TreeSet<>(file.names())) {
                if (name.startsWith(BACKBONE)) {
                    FloatTensor tensor = file.tensor(name);
                    parameters.put(name.substring(BACKBONE.length()), FloatTensor.of(tensor.shape(), tensor.toArray()));
                }
            }
            return new FineTuned(
                    parameters,
                    HeadFile.read(file, HEAD),
                    Integer.parseInt(Objects.requireNonNull(file.metadata().get("bestEpoch"))));
        }
    }
}
