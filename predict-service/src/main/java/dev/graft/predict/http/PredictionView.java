package dev.graft.predict.http;

import dev.graft.contracts.LabelProbability;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The answer to a request with one picture.
///
/// @param version     the version that answered
/// @param predictions most probable first
@Schema(examples = """
        {"model": "flowers", "version": 2, "predictions": [{"label": "daisy", "probability": 0.97},
        {"label": "tulip", "probability": 0.03}]}""")
public record PredictionView(String model, int version, List<LabelProbability> predictions) {}
