package dev.graft.trainer.head;

import java.util.List;
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

    /// Gives the number of classes.
    public int classes() {
        return sigmoid ? 2 : layers.getLast().outFeatures();
    }
}
