package dev.graft.trainer.finetune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.trainer.head.CurvePoint;
import dev.graft.trainer.head.HeldOut.Judgement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// How far a training has come after an epoch, all that the next one depends on.
///
/// @param parameters that are trained, by name
/// @param moments what the rule of descent remembers
/// @param steps done
/// @param bestParameters those of the best epoch
/// @param best how good that was
/// @param bestEpoch which it was, from 1
/// @param curve a point for each epoch done
record TuningState(
        SequencedMap<String, FloatTensor> parameters,
        SequencedMap<String, FloatTensor> moments,
        long steps,
        SequencedMap<String, FloatTensor> bestParameters,
        Judgement best,
        int bestEpoch,
        List<CurvePoint> curve) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String FORMAT = "graft.tuning-state/1";
    private static final String FACTS = "facts";

    /// What is no tensor.
    private record Facts(long steps, Judgement best, int bestEpoch, List<CurvePoint> curve) {}

    /// Writes the state as a safetensors file.
    byte[] write() {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        parameters.forEach((name, tensor) -> tensors.put("parameters/" + name, tensor));
        moments.forEach((name, tensor) -> tensors.put("moments/" + name, tensor));
        bestParameters.forEach((name, tensor) -> tensors.put("best/" + name, tensor));
        try {
            String facts = JSON.writeValueAsString(new Facts(steps, best, bestEpoch, curve));
            return SafetensorsWriter.toBytes(Map.of("format", FORMAT, FACTS, facts), tensors);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a state cannot be written as JSON", e);
        }
    }

    /// Reads a file that [#write] made.
    static TuningState read(byte[] bytes) {
        try (Safetensors file = Safetensors.of(bytes)) {
            Facts facts = facts(file);
            return new TuningState(
                    tensors(file, "parameters/"),
                    tensors(file, "moments/"),
                    facts.steps(),
                    tensors(file, "best/"),
                    facts.best(),
                    facts.bestEpoch(),
                    facts.curve());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the state of a training", e);
        }
    }

    /// Reads of a file that [#write] made how many epochs were done.
    static int epochs(byte[] bytes) {
        try (Safetensors file = Safetensors.of(bytes)) {
            return facts(file).curve().size();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the state of a training", e);
        }
    }

    private static Facts facts(Safetensors file) throws JsonProcessingException {
        return JSON.readValue(Objects.requireNonNull(file.metadata().get(FACTS)), Facts.class);
    }

    private static SequencedMap<String, FloatTensor> tensors(Safetensors file, String prefix) {
        SequencedMap<String, FloatTensor> tensors = new LinkedHashMap<>();
        for (String name : new TreeSet<>(file.names())) {
            if (name.startsWith(prefix)) {
                FloatTensor tensor = file.tensor(name);
                tensors.put(name.substring(prefix.length()), FloatTensor.of(tensor.shape(), tensor.toArray()));
            }
        }
        return tensors;
    }
}
