package dev.graft.trainer.head;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A head that takes raw features: standardisation and temperature are part of its layers.
///
/// @param layers          from the features on; ReLU between two
/// @param sigmoid         whether the last layer's one number is the logit of the second of two classes;
///                        otherwise softmax of one number a class
/// @param curve           how the training went
/// @param steps           epochs (or steps of L-BFGS) done
/// @param temperature     what the logits were divided by, found on pictures not learned from
/// @param strength        of L2 regularisation; absent when there was no choice of it
/// @param candidates      the strengths tried; empty when there was no choice
/// @param heldOutAccuracy accuracy on the pictures, or folds, held out for choosing
public record TrainedHead(
        List<HeadLayer> layers,
        boolean sigmoid,
        List<CurvePoint> curve,
        int steps,
        double temperature,
        @Nullable Double strength,
        List<StrengthCandidate> candidates,
        double heldOutAccuracy) {

    public TrainedHead {
        layers = List.copyOf(layers);
        curve = List.copyOf(curve);
        candidates = List.copyOf(candidates);
    }

    /// Returns a head of the same form that has learned nothing yet.
    ///
    /// @param seed decides the numbers of its hidden layers
    public TrainedHead anew(long seed) {
        int[] widths = IntStream.concat(
                        IntStream.of(layers.getFirst().inFeatures()),
                        layers.stream().mapToInt(HeadLayer::outFeatures))
                .toArray();
        HeadNetwork network = new HeadNetwork(widths, new SplittableRandom(seed));
        List<HeadLayer> begun = IntStream.range(0, layers.size())
                .mapToObj(layer -> network.layer(network.parameters(), layer))
                .toList();
        return new TrainedHead(begun, sigmoid, List.of(), 0, 1, null, List.of(), 0);
    }

    /// Gives the number of classes.
    public int classes() {
        return sigmoid ? 2 : layers.getLast().outFeatures();
    }
}
