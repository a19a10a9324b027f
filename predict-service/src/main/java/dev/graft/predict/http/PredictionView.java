package dev.graft.predict.http;

import dev.graft.contracts.LabelProbability;
import java.util.List;

/// The answer to a request with one picture.
///
/// @param version     the version that answered
/// @param predictions most probable first
public record PredictionView(String model, int version, List<LabelProbability> predictions) {}
