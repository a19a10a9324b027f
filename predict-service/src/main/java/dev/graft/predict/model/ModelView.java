package dev.graft.predict.model;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A model that is served.
///
/// @param inputSizePixels side of the square that the network looks at
@Schema(examples = """
        {"model": "flowers", "version": 2, "labels": ["daisy", "tulip"], "inputSizePixels": 224}""")
public record ModelView(String model, int version, List<String> labels, int inputSizePixels) {
    static ModelView of(ServedModel model) {
        return new ModelView(model.name(), model.version(), model.labels(), model.inputSize());
    }
}
