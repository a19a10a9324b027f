package dev.graft.predict.http;

import java.util.List;

/// The answer to a request with many pictures, in their order.
public record FilePredictionsView(List<FilePredictionView> results) {}
