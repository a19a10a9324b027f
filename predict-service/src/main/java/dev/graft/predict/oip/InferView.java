package dev.graft.predict.oip;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// The answer to a request for inference.
///
/// @param id that of the request
@JsonInclude(JsonInclude.Include.NON_NULL)
record InferView(
        @Schema(required = true, examples = "flowers") @JsonProperty("model_name")
        String modelName,

        @Schema(required = true, examples = "3") @JsonProperty("model_version")
        String modelVersion,

        @Nullable String id,
        @Schema(required = true) List<Output> outputs) {

    /// A tensor.
    ///
    /// @param parameters say where the data lies when it is not here
    /// @param data       row-major, flat
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Output(
            @Schema(required = true, examples = "probabilities")
            String name,

            @Schema(required = true, examples = "FP32") String datatype,
            @Schema(required = true, examples = "[1, 2]") List<Long> shape,
            @Nullable OutputParameters parameters,
            float @Nullable [] data) {}

    /// @param binaryDataSize how many bytes of it follow the JSON
    record OutputParameters(
            @JsonProperty("binary_data_size") int binaryDataSize) {}
}
