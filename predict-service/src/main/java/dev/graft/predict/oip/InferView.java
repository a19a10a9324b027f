package dev.graft.predict.oip;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a request for inference.
///
/// @param id that of the request
@JsonInclude(JsonInclude.Include.NON_NULL)
record InferView(
        @JsonProperty("model_name") String modelName,
        @JsonProperty("model_version") String modelVersion,
        @Nullable String id,
        List<Output> outputs) {

    /// A tensor.
    ///
    /// @param data row-major, flat
    record Output(String name, String datatype, List<Long> shape, float[] data) {}
}
