package dev.graft.predict.http;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The answer to a request with many pictures, in their order.
@Schema(examples = """
        {"results": [{"file": "unknown.jpg", "model": "flowers", "version": 2,
        "predictions": [{"label": "daisy", "probability": 0.97}]}]}""")
public record FilePredictionsView(List<FilePredictionView> results) {}
