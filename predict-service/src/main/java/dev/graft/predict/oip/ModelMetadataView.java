package dev.graft.predict.oip;

import java.util.List;
import java.util.Map;

/// What a model takes and gives.
///
/// @param parameters not of the protocol's own: `labels`, in the order of the probabilities
record ModelMetadataView(
        String name,
        List<String> versions,
        String platform,
        List<Tensor> inputs,
        List<Tensor> outputs,
        Map<String, Object> parameters) {

    /// A tensor; −1 in its shape stands for any number of pictures.
    record Tensor(String name, String datatype, List<Long> shape) {}
}
