package dev.graft.trainer.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.networks.network.Activation;
import dev.graft.networks.network.Shape;
import dev.graft.networks.onnx.Dense;
import dev.graft.networks.onnx.Head;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.head.StrengthCandidate;
import dev.graft.trainer.head.TrainedHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The file of a head: safetensors with `N.weight` [out, in] and `N.bias` [out] of each layer from 0, ReLU between two
/// layers, and as metadata how the training went. Equal heads give equal bytes: nothing of the run, the model or the
/// time is in it.
public final class HeadFile {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String FORMAT = "graft.head/1";

    private HeadFile() {}

    /// How the training went, as the file keeps it.
    private record Training(
            List<CurvePoint> curve,
            int steps,
            double temperature,
            @Nullable Double strength,
            List<StrengthCandidate> candidates,
            double heldOutAccuracy) {}

    /// Writes a file.
    ///
    /// @param labels       the classes, in the order of the output
    /// @param architecture as written
    public static byte[] write(TrainedHead head, List<String> labels, String architecture) {
        return SafetensorsWriter.toBytes(metadata(head, labels, architecture), tensors(head, ""));
    }

    /// Returns the layers as tensors.
    ///
    /// @param prefix of their names
    static Map<String, FloatTensor> tensors(TrainedHead head, String prefix) {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        for (int i = 0; i < head.layers().size(); i++) {
            Dense dense = dense(head.layers().get(i), false);
            tensors.put(prefix + i + ".weight", dense.weight());
            tensors.put(prefix + i + ".bias", dense.bias());
        }
        return tensors;
    }

    /// Returns all of a head that are not tensors.
    static Map<String, String> metadata(TrainedHead head, List<String> labels, String architecture) {
        Training training = new Training(
                head.curve(),
                head.steps(),
                head.temperature(),
                head.strength(),
                head.candidates(),
                head.heldOutAccuracy());
        return Map.of(
                "format",
                FORMAT,
                "architecture",
                architecture,
                "output",
                head.sigmoid() ? "sigmoid" : "softmax",
                "labels",
                json(labels),
                "training",
                json(training));
    }

    /// Reads a file that [#write] made.
    public static TrainedHead read(byte[] bytes) {
        try (Safetensors file = Safetensors.of(bytes)) {
            return read(file, "");
        }
    }

    /// Reads a head of a file with more in it.
    ///
    /// @param prefix of its tensors' names
    static TrainedHead read(Safetensors file, String prefix) {
        List<HeadLayer> layers = new ArrayList<>();
        while (file.names().contains(prefix + layers.size() + ".weight")) {
            FloatTensor weight = file.tensor(prefix + layers.size() + ".weight");
            float[] bias = file.tensor(prefix + layers.size() + ".bias").toArray();
            layers.add(new HeadLayer(weight.shape().at(1), bias.length, weight.toArray(), bias));
        }
        try {
            Map<String, String> metadata = file.metadata();
            Training training = JSON.readValue(metadata.get("training"), new TypeReference<>() {});
            return new TrainedHead(
                    layers,
                    "sigmoid".equals(metadata.get("output")),
                    training.curve(),
                    training.steps(),
                    training.temperature(),
                    training.strength(),
                    training.candidates(),
                    training.heldOutAccuracy());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the file of a head", e);
        }
    }

    /// Gives a head in the form that exports take.
    public static Head forExport(TrainedHead head) {
        List<Dense> layers = head.layers().stream()
                .map(layer -> dense(layer, layer != head.layers().getLast()))
                .toList();
        return new Head(layers, head.sigmoid() ? Head.Output.SIGMOID : Head.Output.SOFTMAX);
    }

    private static Dense dense(HeadLayer layer, boolean rectified) {
        return new Dense(
                FloatTensor.of(Shape.of(layer.outFeatures(), layer.inFeatures()), layer.weight()),
                FloatTensor.of(Shape.of(layer.outFeatures()), layer.bias()),
                rectified ? Optional.of(Activation.RELU) : Optional.empty());
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value cannot be written as JSON", e);
        }
    }
}
