package dev.graft.predict.oip;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A request for inference, as it is written; [InferRequests] checks it. The protocol allows members that a server does
/// not know.
///
/// @param id         repeated in the answer
/// @param parameters of the request
/// @param inputs     exactly one: `pixels`
/// @param outputs    what is wanted; absent: all there is, `probabilities`
@Schema(additionalProperties = Schema.True.class, examples = """
        {"id": "q-1",
         "inputs": [{"name": "pixels", "shape": [1, 2, 2, 3], "datatype": "UINT8",
                     "data": [0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255]}]}""")
record InferRequest(
        @Schema(maxLength = InferRequest.MAX_ID_LENGTH) @Nullable
        String id,

        @Nullable RequestParameters parameters,

        @Schema(minItems = 1, maxItems = 1) @JsonProperty(required = true)
        List<@Nullable Input> inputs,

        @Schema(maxItems = 1) @Nullable List<@Nullable RequestedOutput> outputs) {
    /// The most characters of an id.
    static final int MAX_ID_LENGTH = 1_024;

    /// @param binaryDataOutput whether outputs are wanted as bytes behind the JSON
    @Schema(additionalProperties = Schema.True.class)
    record RequestParameters(
            @JsonProperty("binary_data_output") @Nullable Boolean binaryDataOutput) {}

    /// A tensor.
    ///
    /// @param name       `pixels`
    /// @param shape      [pictures, height, width, 3]
    /// @param datatype   `UINT8`
    /// @param parameters say where the data lies when it is not here
    /// @param data       row-major, flat or nested
    @Schema(additionalProperties = Schema.True.class)
    record Input(
            @Schema(enumeration = InferenceResource.PIXELS) @JsonProperty(required = true)
            String name,

            @Schema(minItems = 4, maxItems = 4) @JsonProperty(required = true)
            List<@Nullable @Min(1) @Max(Integer.MAX_VALUE) Long> shape,

            @Schema(enumeration = InferenceResource.PIXEL_TYPE) @JsonProperty(required = true)
            String datatype,

            @Nullable InputParameters parameters,

            @JsonDeserialize(using = PixelTensor.Reader.class) @Nullable
            PixelTensor data) {}

    /// @param binaryDataSize how many bytes of it follow the JSON
    @Schema(additionalProperties = Schema.True.class)
    record InputParameters(
            @Schema(minimum = "0", maximum = Integer.MAX_VALUE + "") @JsonProperty("binary_data_size") @Nullable
            Long binaryDataSize) {}

    /// @param name       `probabilities`
    /// @param parameters say how it is wanted
    @Schema(additionalProperties = Schema.True.class)
    record RequestedOutput(
            @Schema(enumeration = InferenceResource.PROBABILITIES) @JsonProperty(required = true)
            String name,

            @Nullable OutputParameters parameters) {}

    /// @param binaryData whether it is wanted as bytes behind the JSON
    @Schema(additionalProperties = Schema.True.class)
    record OutputParameters(
            @JsonProperty("binary_data") @Nullable Boolean binaryData) {}
}
