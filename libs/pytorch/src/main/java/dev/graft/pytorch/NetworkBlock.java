package dev.graft.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Node;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.Step;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A network as a block that PyTorch runs and trains: `[batch, 3, height, width]` in, the network's result out.
///
/// All parameters are frozen at first; [#unfreeze] opens those of chosen steps. Batch normalisations always use
/// their running statistics and never move them, so that frozen parts compute bit for bit what they computed
/// before training. A forward pass leaves nothing open but its result.
public final class NetworkBlock extends AbstractBlock {
    private static final byte VERSION = 1;

    private final Network network;
    private final List<Step> steps;
    private final Pass pass;
    private final Map<String, Parameter> parametersByName = new LinkedHashMap<>();

    private NetworkBlock(Network network) {
        super(VERSION);
        this.network = network;
        this.steps = network.steps();
        this.pass = new Pass(steps);
    }

    /// Builds a network and fills it with weights.
    ///
    /// @param manager owner of the parameters' arrays, which also says on which device they lie
    /// @param network the network
    /// @param weights its weights, copied
    public static NetworkBlock of(NDManager manager, Network network, Weights weights) {
        NetworkBlock block = new NetworkBlock(network);
        try (TensorCopies copies = new TensorCopies(manager)) {
            for (ParameterSpec wanted : network.parameters()) {
                Parameter parameter = Parameter.builder()
                        .setName(wanted.name())
                        .setType(typeOf(wanted.name()))
                        .build();
                parameter.setArray(copies.of(weights.tensor(wanted)));
                parameter.freeze(true);
                block.parametersByName.put(wanted.name(), block.addParameter(parameter));
            }
        }
        return block;
    }

    /// Returns the network.
    public Network network() {
        return network;
    }

    /// Opens the learned parameters of the steps that some names stand for (see [Network#select]), as
    /// [#unfreeze(Predicate)].
    ///
    /// @param names names of stages, steps or modules, or patterns
    /// @return the number of parameters that are trained now
    /// @throws IllegalArgumentException when a name stands for no step, or for none that has learned parameters
    public long unfreeze(Collection<String> names) {
        Set<Node> chosen = new HashSet<>();
        for (String name : names) {
            List<Node> named = network.select(name);
            if (steps.stream()
                            .filter(step -> named.contains(step.node()))
                            .mapToLong(Step::parameterCount)
                            .sum()
                    == 0) {
                throw new IllegalArgumentException(name + " of " + network.name() + " has nothing to train");
            }
            chosen.addAll(named);
        }
        return unfreeze(chosen::contains);
    }

    /// Opens the learned parameters of some steps for training and freezes all others. Running statistics stay
    /// frozen.
    ///
    /// @param chosen says which steps are trained
    /// @return the number of parameters that are trained now
    public long unfreeze(Predicate<Node> chosen) {
        long trained = 0;
        for (Step step : steps) {
            boolean trains = chosen.test(step.node());
            step.parameters().forEach(wanted -> parameter(wanted.name()).freeze(!(trains && wanted.learned())));
            trained += trains ? step.parameterCount() : 0;
        }
        return trained;
    }

    /// Copies the parameters as they are now, under their names.
    public Map<String, FloatTensor> tensors() {
        Map<String, FloatTensor> tensors = new LinkedHashMap<>();
        for (ParameterSpec wanted : network.parameters()) {
            NDArray array = parameter(wanted.name()).getArray();
            tensors.put(wanted.name(), FloatTensor.of(wanted.shape(), array.toFloatArray()));
        }
        return tensors;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        NDArray images = inputs.singletonOrThrow();
        NDManager owner = images.getManager();
        try (NDManager scope = owner.newSubManager()) {
            images.tempAttach(scope);
            NDArray result = pass.run(images, name -> store.getValue(parameter(name), images.getDevice(), training));
            result.attach(owner);
            return new NDList(result);
        }
    }

    @Override
    public ai.djl.ndarray.types.Shape[] getOutputShapes(ai.djl.ndarray.types.Shape[] inputShapes) {
        long batch = inputShapes[0].get(0);
        return new ai.djl.ndarray.types.Shape[] {
            new ai.djl.ndarray.types.Shape(network.outputShape().batched(batch))
        };
    }

    private Parameter parameter(String name) {
        Parameter parameter = parametersByName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(network.name() + " has no parameter named " + name);
        }
        return parameter;
    }

    private static Parameter.Type typeOf(String name) {
        if (name.endsWith(".running_mean")) {
            return Parameter.Type.RUNNING_MEAN;
        }
        if (name.endsWith(".running_var")) {
            return Parameter.Type.RUNNING_VAR;
        }
        return name.endsWith(".bias") ? Parameter.Type.BIAS : Parameter.Type.WEIGHT;
    }
}
