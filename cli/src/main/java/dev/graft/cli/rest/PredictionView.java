package dev.graft.cli.rest;

import dev.graft.contracts.LabelProbability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model says about an image.
///
/// @param predictions the likeliest labels, likeliest first; absent when the image was refused
/// @param problem     why it was refused
public record PredictionView(
        @Nullable String file,
        @Nullable String model,
        @Nullable Integer version,
        @Nullable List<LabelProbability> predictions,
        @Nullable ProblemView problem) {}
