package dev.graft.pytorch.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.graft.networks.folding.FoldedChannels;
import dev.graft.networks.folding.Folding;
import dev.graft.networks.folding.Folding.Folded;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import dev.graft.pytorch.TensorCopies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// The steps that are differentiated, folded, and their parameters in PyTorch's memory: those that are trained,
/// and those that are not, which are folded once and for all.
///
/// @param network the network as it was given
/// @param steps its steps as they are computed, pairs as one ([FoldedPair])
/// @param constants arrays that nothing trains, by the name under which the steps ask for them
/// @param trained the parameters that are trained, by their published names, in the network's order
/// @param pairs the pairs of which something is trained
record UpperPart(
        Network network,
        List<Step> steps,
        Map<String, NDArray> constants,
        SequencedMap<String, Trained> trained,
        List<FoldedPair> pairs) {
    /// Fills the steps with parameters.
    ///
    /// @param manager owner of all arrays, which also says on which device they lie
    /// @param network an upper part with what follows it, or a whole network
    /// @param weights its weights, needed only during this call
    /// @param chosen the steps that are trained
    /// @param rateFactors what the learning rate is multiplied by in each stage, 1 where nothing is said
    /// @throws IllegalArgumentException when none of the steps has learned parameters
    /// @throws dev.graft.networks.weights.MalformedWeightsException when the weights are not the network's
    static UpperPart of(
            NDManager manager,
            Network network,
            Weights weights,
            Collection<Node> chosen,
            Map<String, Double> rateFactors) {
        try (TensorCopies copies = new TensorCopies(manager)) {
            Filling filling = new Filling(copies, weights, Set.copyOf(chosen), rateFactors);
            for (Folded folded : Folding.of(network)) {
                switch (folded) {
                    case Folded.Alone(Step step) -> filling.add(step);
                    case Folded.Pair(Step read, Step reader) -> filling.add(read, reader);
                }
            }
            if (filling.trained.isEmpty()) {
                throw new IllegalArgumentException("nothing of this part of " + network.name() + " is trained");
            }
            SequencedMap<String, Trained> inOrder = new LinkedHashMap<>();
            network.parameters().stream()
                    .map(ParameterSpec::name)
                    .filter(filling.trained::containsKey)
                    .forEach(name -> inOrder.put(name, filling.trained.get(name)));
            return new UpperPart(network, filling.steps, filling.constants, inOrder, filling.pairs);
        }
    }

    /// Copies what is trained, under the published names.
    SequencedMap<String, FloatTensor> tensors() {
        SequencedMap<String, FloatTensor> tensors = new LinkedHashMap<>();
        trained.forEach((name, parameter) -> tensors.put(
                name, FloatTensor.of(parameter.shape(), parameter.array().toFloatArray())));
        return tensors;
    }

    /// Collects the steps and the arrays of a part.
    private static final class Filling {
        private final TensorCopies copies;
        private final Weights weights;
        private final Set<Node> chosen;
        private final Map<String, Double> rateFactors;
        private final List<Step> steps = new ArrayList<>();
        private final Map<String, NDArray> constants = new HashMap<>();
        private final Map<String, Trained> trained = new HashMap<>();
        private final List<FoldedPair> pairs = new ArrayList<>();

        private Filling(TensorCopies copies, Weights weights, Set<Node> chosen, Map<String, Double> rateFactors) {
            this.copies = copies;
            this.weights = weights;
            this.chosen = chosen;
            this.rateFactors = rateFactors;
        }

        private void add(Step step) {
            steps.add(step);
            for (ParameterSpec parameter : step.parameters()) {
                NDArray array = copies.of(weights.tensor(parameter));
                if (!addIfTrained(step, parameter, array)) {
                    constants.put(parameter.name(), array);
                }
            }
        }

        private void add(Step read, Step reader) {
            Step asOne = FoldedPair.asOne(read, reader);
            steps.add(asOne);
            List<ParameterSpec> ofRead = read.parameters();
            int channels = ofRead.getFirst().shape().at(0);
            FoldedChannels folded = FoldedChannels.of(reader, channels, this::numbers);
            if (!trains(read) && !trains(reader)) {
                List<String> names = FoldedPair.foldedNames(asOne);
                float[] weight = folded.weights(numbers(ofRead.getFirst().name()));
                float[] bias = folded.bias(ofRead.stream()
                        .skip(1)
                        .findFirst()
                        .map(ParameterSpec::name)
                        .map(this::numbers));
                constants.put(
                        names.get(0), copies.of(FloatTensor.of(ofRead.getFirst().shape(), weight)));
                constants.put(names.get(1), vector(bias));
                return;
            }
            Optional<ParameterSpec> gain = reader.parameters().stream().findFirst();
            boolean norm = reader.op() instanceof Op.BatchNorm;
            Optional<ParameterSpec> offset =
                    norm ? reader.parameters().stream().skip(1).findFirst() : Optional.empty();
            pairs.add(new FoldedPair(
                    asOne,
                    member(read, ofRead.getFirst()),
                    ofRead.stream().skip(1).findFirst().map(parameter -> member(read, parameter)),
                    gain.map(parameter -> member(reader, parameter)),
                    offset.map(parameter -> member(reader, parameter)),
                    vector(folded.units()),
                    vector(norm ? numbers(reader.name() + ".running_mean") : new float[channels])));
        }

        private FoldedPair.Member member(Step step, ParameterSpec parameter) {
            NDArray array = copies.of(weights.tensor(parameter));
            return new FoldedPair.Member(parameter.name(), array, addIfTrained(step, parameter, array));
        }

        private boolean addIfTrained(Step step, ParameterSpec parameter, NDArray array) {
            boolean trains = parameter.learned() && chosen.contains(step.node());
            if (trains) {
                double factor = rateFactors.getOrDefault(step.node().stage(), 1.0);
                trained.put(parameter.name(), new Trained(parameter.name(), parameter.shape(), factor, array));
            }
            return trains;
        }

        private boolean trains(Step step) {
            return chosen.contains(step.node()) && step.parameterCount() > 0;
        }

        private float[] numbers(String name) {
            return weights.tensor(name).toArray();
        }

        private NDArray vector(float[] numbers) {
            return copies.of(FloatTensor.of(Shape.of(numbers.length), numbers));
        }
    }
}
