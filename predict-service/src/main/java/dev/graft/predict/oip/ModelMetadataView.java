package dev.graft.predict.oip;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What a model takes and gives.
///
/// @param parameters not of the protocol's own
@Schema(examples = """
        {"name": "flowers", "versions": ["2"], "platform": "onnxruntime_onnx",
        "inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [-1, 224, 224, 3]}],
        "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]}],
        "parameters": {"labels": ["daisy", "tulip"]}}""")
record ModelMetadataView(
        String name,
        List<String> versions,
        String platform,
        List<Tensor> inputs,
        List<Tensor> outputs,
        Parameters parameters) {

    /// A tensor; −1 in its shape stands for any number of pictures.
    record Tensor(String name, String datatype, List<Long> shape) {}

    /// @param labels in the order of the probabilities
    record Parameters(List<String> labels) {}
}
