package dev.graft.pytorch.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.pytorch.TensorCopies;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Moves parameters by a rule, in place, and keeps what the rule remembers of each. DJL's own optimisers are
/// not used: they clip gradients from above only, and cannot give what they remember. For one thread at a time,
/// with gradient mode off.
final class Optimiser {
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double ADAM_EPSILON = 1e-8;
    private static final double SQUARES_DECAY = 0.9;
    private static final double RMS_EPSILON = 1e-7;

    private static final String MEAN = "/mean";
    private static final String SQUARE = "/square";

    private final Descent descent;

    /// What the rule remembers, by the parameter's name and its own, float32 of the parameter's shape; the
    /// manager's.
    private final SequencedMap<String, NDArray> moments = new LinkedHashMap<>();

    private long steps;

    /// Remembers nothing yet.
    ///
    /// @param manager owner of what is remembered
    Optimiser(NDManager manager, Descent descent, Collection<Trained> trained) {
        this.descent = descent;
        List<String> kinds = switch (descent) {
            case Descent.Sgd(double momentum, double _) -> momentum > 0 ? List.of(MEAN) : List.of();
            case Descent.Adam _, Descent.AdamW _ -> List.of(MEAN, SQUARE);
            case Descent.RmsProp(double momentum, double _) -> momentum > 0 ? List.of(MEAN, SQUARE) : List.of(SQUARE);
        };
        for (Trained parameter : trained) {
            for (String kind : kinds) {
                NDArray zeros = manager.zeros(parameter.array().getShape(), DataType.FLOAT32);
                moments.put(parameter.name() + kind, zeros);
            }
        }
    }

    /// Returns how many steps there were.
    long steps() {
        return steps;
    }

    /// Begins a step; each parameter is then moved once.
    void begin() {
        steps++;
    }

    /// Moves a parameter.
    ///
    /// @param gradient float32, of the parameter's shape, which this may change
    /// @param rate the learning rate of this parameter in this step
    void move(Trained parameter, NDArray gradient, double rate) {
        double decay = parameter.decays() ? descent.weightDecay() : 0;
        NDArray array = parameter.array();
        if (decay > 0 && descent instanceof Descent.AdamW) {
            array.muli(1 - rate * decay);
        } else if (decay > 0) {
            try (NDArray pull = array.mul(decay)) {
                gradient.addi(pull);
            }
        }
        switch (descent) {
            case Descent.Sgd(double momentum, double _) -> follow(array, gradient, parameter.name(), momentum, rate);
            case Descent.Adam _, Descent.AdamW _ -> adam(parameter, gradient, rate);
            case Descent.RmsProp(double momentum, double _) -> {
                NDArray square = moment(parameter.name() + SQUARE);
                average(square, gradient.square(), SQUARES_DECAY);
                try (NDArray root = square.sqrt()) {
                    gradient.divi(root.addi(RMS_EPSILON));
                }
                follow(array, gradient, parameter.name(), momentum, rate);
            }
        }
    }

    /// Goes along a direction, with momentum where there is any.
    private void follow(NDArray array, NDArray direction, String name, double momentum, double rate) {
        NDArray velocity = momentum > 0 ? moment(name + MEAN).muli(momentum).addi(direction) : direction;
        try (NDArray way = velocity.mul(rate)) {
            array.subi(way);
        }
    }

    private void adam(Trained parameter, NDArray gradient, double rate) {
        NDArray mean = moment(parameter.name() + MEAN);
        NDArray square = moment(parameter.name() + SQUARE);
        average(square, gradient.square(), SECOND_DECAY);
        average(mean, gradient.mul(1), FIRST_DECAY);
        double length = rate / (1 - StrictMath.pow(FIRST_DECAY, (double) steps));
        try (NDArray corrected = square.div(1 - StrictMath.pow(SECOND_DECAY, (double) steps));
                NDArray root = corrected.sqrt();
                NDArray way = mean.mul(length)) {
            parameter.array().subi(way.divi(root.addi(ADAM_EPSILON)));
        }
    }

    /// Moves an average towards newer values, which are closed.
    private static void average(NDArray average, NDArray newer, double kept) {
        try (newer) {
            average.muli(kept).addi(newer.muli(1 - kept));
        }
    }

    /// Copies what is remembered, by the parameter's name and the rule's own for it.
    SequencedMap<String, FloatTensor> state() {
        SequencedMap<String, FloatTensor> state = new LinkedHashMap<>();
        moments.forEach((name, array) -> state.put(name, FloatTensor.of(shape(array), array.toFloatArray())));
        return state;
    }

    private static Shape shape(NDArray array) {
        return new Shape(Arrays.stream(array.getShape().getShape())
                .mapToObj(Math::toIntExact)
                .toList());
    }

    /// Takes up what [#state] gave.
    ///
    /// @param before number of steps that led to it
    /// @throws IllegalArgumentException when it is the state of another rule, or of other parameters
    void restore(Map<String, FloatTensor> state, long before, TensorCopies copies) {
        if (!state.keySet().equals(moments.keySet()) || before < 0) {
            throw new IllegalArgumentException("the state of " + new TreeMap<>(state).keySet() + " after " + before
                    + " steps is not that of " + descent + " for these parameters");
        }
        state.forEach((name, tensor) -> copies.into(moment(name), tensor));
        steps = before;
    }

    private NDArray moment(String name) {
        NDArray moment = moments.get(name);
        if (moment == null) {
            throw new IllegalArgumentException("nothing is remembered of " + name);
        }
        return moment;
    }
}
