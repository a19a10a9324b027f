package dev.graft.predict.imagenet;

import dev.graft.networks.Backbone;
import dev.graft.networks.ImageNetClass;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.onnx.Dense;
import dev.graft.networks.onnx.Head;
import dev.graft.networks.onnx.OnnxModel;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.Safetensors;
import dev.graft.predict.PredictConfig;
import dev.graft.predict.model.ServedModel;
import dev.graft.predict.model.ServedNetwork;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.Preprocessor;
import dev.graft.weightstore.AbsentWeightsException;
import dev.graft.weightstore.WeightStore;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/// Makes a classifier of a weight set and its own last layer.
@Singleton
class ClassifierLoader {
    private static final int VERSION = 1;

    private final List<String> labels =
            ImageNetClass.all().stream().map(ImageNetClass::words).toList();
    private final WeightStore weights;
    private final DecodeLimits limits;

    ClassifierLoader(WeightStore weights, PredictConfig config) {
        this.weights = weights;
        this.limits = config.decode().limits();
    }

    /// Loads a classifier. The caller holds the result.
    ///
    /// @throws ProblemException when the weights are not here, are damaged, or have no classifier of ImageNet
    ServedModel load(Backbone backbone) {
        try (Safetensors file = weights.open(backbone, weights.sha256(backbone));
                Arena arena = Arena.ofConfined()) {
            ServedNetwork network = new ServedNetwork(export(backbone, file).toBuffer(arena));
            return new ServedModel(
                    ImageNetClassifiers.MODEL,
                    VERSION,
                    labels,
                    new Preprocessor(backbone.preprocessing(), limits),
                    network);
        } catch (AbsentWeightsException e) {
            throw new ProblemException(ProblemType.WEIGHTS_ABSENT, e.detail(), "backbone");
        } catch (MalformedWeightsException e) {
            throw new ProblemException(
                    ProblemType.WEIGHTS_INVALID,
                    "The weights of %s are damaged. Import them again.".formatted(backbone.name()),
                    e);
        } catch (IOException e) {
            throw new ProblemException(
                    ProblemType.WEIGHTS_UNAVAILABLE,
                    "The weights of %s cannot be read now.".formatted(backbone.name()),
                    e);
        }
    }

    private OnnxModel export(Backbone backbone, Safetensors file) {
        Network network = backbone.network();
        String last = network.output().name();
        boolean classifies = network.output().op() instanceof Op.Linear linear
                && linear.outFeatures() == labels.size()
                && file.names().contains(last + ".weight");
        if (!classifies) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "The weights of %s have no classifier of ImageNet.".formatted(backbone.name()),
                    "backbone");
        }
        String features = network.output().inputs().getFirst();
        Head head = new Head(
                List.of(new Dense(file.tensor(last + ".weight"), file.tensor(last + ".bias"))), Head.Output.SOFTMAX);
        return BackboneExport.classifier(
                backbone, network.upTo(new TransferLayer(features, false)), file, head, Map.of());
    }
}
