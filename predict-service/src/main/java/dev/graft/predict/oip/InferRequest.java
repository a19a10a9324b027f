package dev.graft.predict.oip;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request for inference.
///
/// @param id     repeated in the answer
/// @param inputs exactly one: `pixels`
record InferRequest(
        @Nullable String id, @JsonProperty(required = true) List<Input> inputs) {

    /// A tensor.
    ///
    /// @param name     `pixels`
    /// @param shape    [pictures, height, width, 3]
    /// @param datatype `UINT8`
    /// @param data     row-major, flat or nested
    record Input(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) List<Long> shape,
            @JsonProperty(required = true) String datatype,

            @JsonProperty(required = true) @JsonDeserialize(using = PixelTensor.Reader.class)
            PixelTensor data) {}
}
