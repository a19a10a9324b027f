package dev.graft.predict.oip;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A request for inference, as it is written; [InferRequests] checks it.
///
/// @param id         repeated in the answer
/// @param parameters of the request
/// @param inputs     exactly one: `pixels`
/// @param outputs    what is wanted; absent: all there is, `probabilities`
record InferRequest(
        @Schema(examples = "q-1") @Nullable String id,
        @Nullable RequestParameters parameters,
        @JsonProperty(required = true) List<@Nullable Input> inputs,
        @Nullable List<@Nullable RequestedOutput> outputs) {

    /// @param binaryDataOutput whether outputs are wanted as bytes behind the JSON
    record RequestParameters(
            @JsonProperty("binary_data_output") @Nullable Boolean binaryDataOutput) {}

    /// A tensor.
    ///
    /// @param name       `pixels`
    /// @param shape      [pictures, height, width, 3]
    /// @param datatype   `UINT8`
    /// @param parameters say where the data lies when it is not here
    /// @param data       row-major, flat or nested
    record Input(
            @Schema(examples = "pixels") @JsonProperty(required = true)
            String name,

            @Schema(examples = "[1, 224, 224, 3]") @JsonProperty(required = true)
            List<@Nullable Long> shape,

            @Schema(examples = "UINT8") @JsonProperty(required = true)
            String datatype,

            @Nullable InputParameters parameters,

            @Schema(implementation = int[].class) @JsonDeserialize(using = PixelTensor.Reader.class) @Nullable
            PixelTensor data) {}

    /// @param binaryDataSize how many bytes of it follow the JSON
    record InputParameters(
            @JsonProperty("binary_data_size") @Nullable Long binaryDataSize) {}

    /// @param name       `probabilities`
    /// @param parameters say how it is wanted
    record RequestedOutput(
            @Schema(examples = "probabilities") @JsonProperty(required = true)
            String name,

            @Nullable OutputParameters parameters) {}

    /// @param binaryData whether it is wanted as bytes behind the JSON
    record OutputParameters(
            @JsonProperty("binary_data") @Nullable Boolean binaryData) {}
}
