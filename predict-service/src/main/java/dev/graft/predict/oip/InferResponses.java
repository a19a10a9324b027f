package dev.graft.predict.oip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.predict.model.ServedModel;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes answers to requests for inference: JSON, or JSON with the bytes of the tensor behind it, little-endian.
final class InferResponses {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InferResponses() {}

    /// @param probabilities float32 [pictures][labels]
    static Response of(ServedModel model, InferRequests.Asked asked, float[][] probabilities) {
        int labels = model.labels().size();
        ByteBuffer bytes =
                ByteBuffer.allocate(probabilities.length * labels * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : probabilities) {
            for (float probability : row) {
                bytes.putFloat(probability);
            }
        }
        List<Long> shape = List.of((long) probabilities.length, (long) labels);
        if (!asked.binary()) {
            float[] data = new float[probabilities.length * labels];
            bytes.flip().asFloatBuffer().get(data);
            return Response.ok(view(model, asked, shape, null, data), MediaType.APPLICATION_JSON)
                    .build();
        }
        InferView.OutputParameters parameters = new InferView.OutputParameters(bytes.capacity());
        byte[] head = json(view(model, asked, shape, parameters, null));
        byte[] body = ByteBuffer.allocate(head.length + bytes.capacity())
                .put(head)
                .put(bytes.flip())
                .array();
        return Response.ok(body, MediaType.APPLICATION_OCTET_STREAM)
                .header(InferRequests.HEADER_LENGTH, head.length)
                .build();
    }

    private static InferView view(
            ServedModel model,
            InferRequests.Asked asked,
            List<Long> shape,
            InferView.@Nullable OutputParameters parameters,
            float @Nullable [] data) {
        return new InferView(
                model.name(),
                Integer.toString(model.version()),
                asked.id(),
                List.of(new InferView.Output(InferenceResource.PROBABILITIES, "FP32", shape, parameters, data)));
    }

    private static byte[] json(InferView view) {
        try {
            return JSON.writeValueAsBytes(view);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view cannot be written as JSON", impossible);
        }
    }
}
