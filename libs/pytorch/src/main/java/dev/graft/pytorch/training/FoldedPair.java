package dev.graft.pytorch.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A convolution or a linear layer and the step that multiplies and shifts its channels, some of whose
/// parameters are trained. They are computed as one step, whose parameters are folded of theirs once a step of
/// the training; the formulas are those of
/// [dev.graft.networks.folding.FoldedChannels]. For one thread at a time.
///
/// @param asOne the step that computes both, by the name of the reader
/// @param weight of the step that is read, `[channels, …]`
/// @param bias of the step that is read, `[channels]`, if it has one
/// @param gain of the reader, `[channels]`, if it has one
/// @param offset of the reader, `[channels]`, if it has one
/// @param units what a gain of 1 multiplies by, float32 `[channels]`
/// @param means what the reader takes off before it multiplies, float32 `[channels]`
record FoldedPair(
        Step asOne,
        Member weight,
        Optional<Member> bias,
        Optional<Member> gain,
        Optional<Member> offset,
        NDArray units,
        NDArray means) {
    /// A parameter of the pair as published.
    ///
    /// @param array float32, owned by the part
    /// @param trained whether its gradient is wanted
    record Member(String name, NDArray array, boolean trained) {}

    /// Makes the step that computes two as one: the step that is read, with a bias, giving what the reader
    /// gives.
    static Step asOne(Step read, Step reader) {
        int channels = read.parameters().getFirst().shape().at(0);
        Op op = read.op() instanceof Op.Conv2d conv
                ? new Op.Conv2d(channels, conv.window(), conv.groups(), true)
                : new Op.Linear(channels, true);
        Node node = new Node(reader.name(), reader.node().stage(), op, read.inputs());
        return new Step(node, read.inputShapes(), reader.outputShape());
    }

    /// Names the folded weight, and the folded bias, as [#asOne] asks for them.
    static List<String> foldedNames(Step asOne) {
        return asOne.parameters().stream().map(ParameterSpec::name).toList();
    }

    /// Returns the parameters of the pair as published.
    Stream<Member> members() {
        return Stream.concat(Stream.of(weight), Stream.of(bias, gain, offset).flatMap(Optional::stream));
    }

    /// Folds the parameters as they are now.
    ///
    /// @param scope owner of the results
    /// @return the folded weight and the folded bias, float32
    List<NDArray> fold(NDManager scope) {
        try (NDArray factors = factors();
                NDArray perWeight = factors.reshape(perWeight());
                NDArray centred = centredBias();
                NDArray scaled = centred.mul(factors)) {
            NDArray folded = weight.array().mul(perWeight);
            NDArray shifted = offset.map(member -> scaled.add(member.array())).orElseGet(() -> scaled.add(0));
            folded.attach(scope);
            shifted.attach(scope);
            return List.of(folded, shifted);
        }
    }

    /// Takes gradients back to the parameters as published.
    ///
    /// @param byWeight gradient by the folded weight
    /// @param byBias gradient by the folded bias
    /// @param scope owner of the results
    /// @param gradients where those of the trained parameters go, by their published names
    void unfold(NDArray byWeight, NDArray byBias, NDManager scope, Map<String, NDArray> gradients) {
        try (NDArray factors = factors();
                NDArray perWeight = factors.reshape(perWeight())) {
            put(weight, () -> byWeight.mul(perWeight), scope, gradients);
            bias.ifPresent(member -> put(member, () -> byBias.mul(factors), scope, gradients));
            gain.ifPresent(member -> put(member, () -> byGain(byWeight, byBias), scope, gradients));
            offset.ifPresent(member -> put(member, () -> byBias.add(0), scope, gradients));
        }
    }

    private interface Computation {
        NDArray compute();
    }

    private static void put(Member member, Computation computation, NDManager scope, Map<String, NDArray> gradients) {
        if (member.trained()) {
            NDArray gradient = computation.compute();
            gradient.attach(scope);
            gradients.put(member.name(), gradient);
        }
    }

    /// `r · (Σ ∂W′ · W + ∂b′ · (b − μ))`.
    private NDArray byGain(NDArray byWeight, NDArray byBias) {
        int[] insideChannel =
                IntStream.range(1, weight.array().getShape().dimension()).toArray();
        try (NDArray products = byWeight.mul(weight.array());
                NDArray sums = products.sum(insideChannel);
                NDArray centred = centredBias();
                NDArray ofBias = centred.mul(byBias);
                NDArray both = sums.add(ofBias)) {
            return both.mul(units);
        }
    }

    private NDArray factors() {
        return gain.map(member -> units.mul(member.array())).orElseGet(() -> units.add(0));
    }

    /// `b − μ`.
    private NDArray centredBias() {
        return bias.map(member -> member.array().sub(means)).orElseGet(means::neg);
    }

    private Shape perWeight() {
        long[] extents = new long[weight.array().getShape().dimension()];
        Arrays.fill(extents, 1);
        extents[0] = units.size();
        return new Shape(extents);
    }
}
