package dev.graft.predict.model;

import java.util.List;

/// A model that is served.
///
/// @param inputSizePixels side of the square that the network looks at
public record ModelView(String model, int version, List<String> labels, int inputSizePixels) {
    static ModelView of(ServedModel model) {
        return new ModelView(model.name(), model.version(), model.labels(), model.inputSize());
    }
}
