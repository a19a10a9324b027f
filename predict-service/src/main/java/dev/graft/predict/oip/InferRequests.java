package dev.graft.predict.oip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.problem.JsonProblems;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.StrictJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads requests for inference: JSON, or JSON with the bytes of the tensor behind it (the protocol's extension for
/// binary tensor data).
final class InferRequests {
    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    /// The protocol lets clients send parameters and members that a server does not know.
    private static final ObjectReader REQUESTS = StrictJson.apply(new JsonMapper())
            .readerFor(InferRequest.class)
            .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private InferRequests() {}

    /// What a request asks for.
    ///
    /// @param id      repeated in the answer
    /// @param pixels  uint8 [images, size, size, 3]
    /// @param binary  whether the answer's tensor is wanted as bytes
    record Asked(@Nullable String id, byte[] pixels, boolean binary) {}

    /// Reads a request.
    ///
    /// @param jsonSizeBytes how much of the body is JSON; absent: all of it
    /// @param side          height and width that the model takes
    /// @param maxImages   in one request
    /// @throws ProblemException with a pointer to what is wrong
    static Asked read(byte[] body, @Nullable Integer jsonSizeBytes, int side, int maxImages) {
        int jsonEnd = jsonSizeBytes == null ? body.length : jsonSizeBytes;
        if (jsonEnd < 0 || jsonEnd > body.length) {
            throw refused(
                    "%s must be 0 to the size of the body, %d.".formatted(HEADER_LENGTH, body.length), HEADER_LENGTH);
        }
        long maxBytes = PixelTensor.CHANNELS * side * side * maxImages;
        InferRequest request = parse(body, jsonEnd, maxBytes);
        requireShortId(request.id());
        InferRequest.Input input = input(request, side, maxImages);
        byte[] pixels = pixels(input, body, jsonEnd);
        if (pixels.length != images(input) * side * side * PixelTensor.CHANNELS) {
            throw refused("The data has another length than the shape says.", "/inputs/0/data");
        }
        return new Asked(request.id(), pixels, isBinaryWanted(request));
    }

    private static InferRequest parse(byte[] body, int jsonEnd, long maxBytes) {
        InferRequest request;
        try {
            request = REQUESTS.withAttribute(PixelTensor.MAX_LENGTH, maxBytes).readValue(body, 0, jsonEnd);
        } catch (JsonProcessingException e) {
            throw new ProblemException(JsonProblems.of(e));
        } catch (IOException e) {
            throw refused("The body is not JSON in UTF-8.", "");
        }
        if (request == null) {
            throw refused("The body must be a JSON object with inputs.", "");
        }
        return request;
    }

    private static void requireShortId(@Nullable String id) {
        if (id != null && id.length() > InferRequest.MAX_ID_LENGTH) {
            throw refused("An id has at most %,d characters.".formatted(InferRequest.MAX_ID_LENGTH), "/id");
        }
    }

    private static InferRequest.Input input(InferRequest request, int side, int maxImages) {
        List<InferRequest.@Nullable Input> inputs = request.inputs();
        if (inputs == null || inputs.size() != 1) {
            throw refused("There must be exactly one input.", "/inputs");
        }
        InferRequest.Input input = inputs.getFirst();
        if (input == null) {
            throw refused("An input must be an object.", "/inputs/0");
        }
        if (!InferenceResource.PIXELS.equals(input.name())) {
            throw refused("The input must be named " + InferenceResource.PIXELS + ".", "/inputs/0/name");
        }
        if (!InferenceResource.PIXEL_TYPE.equals(input.datatype())) {
            throw refused("The input must be of datatype " + InferenceResource.PIXEL_TYPE + ".", "/inputs/0/datatype");
        }
        long images = images(input);
        List<Long> wanted = List.of(images, (long) side, (long) side, PixelTensor.CHANNELS);
        if (!wanted.equals(input.shape()) || images < 1 || images > maxImages) {
            throw refused(
                    "The shape must be [1 to %d, %d, %d, %d].".formatted(maxImages, side, side, PixelTensor.CHANNELS),
                    "/inputs/0/shape");
        }
        return input;
    }

    private static long images(InferRequest.Input input) {
        List<@Nullable Long> shape = input.shape();
        return shape == null || shape.isEmpty() ? 0 : Objects.requireNonNullElse(shape.getFirst(), 0L);
    }

    private static byte[] pixels(InferRequest.Input input, byte[] body, int jsonEnd) {
        int bytesBehind = body.length - jsonEnd;
        Long binarySize = input.parameters() == null ? null : input.parameters().binaryDataSize();
        PixelTensor data = input.data();
        if (binarySize != null) {
            if (binarySize != bytesBehind || data != null) {
                throw refused(
                        "Exactly binary_data_size bytes must follow the JSON in place of data; %d do."
                                .formatted(bytesBehind),
                        "/inputs/0/parameters/binary_data_size");
            }
            return Arrays.copyOfRange(body, jsonEnd, body.length);
        }
        if (data == null) {
            throw refused("The input has no data.", "/inputs/0/data");
        }
        if (bytesBehind > 0) {
            throw refused("Bytes follow the JSON that no input names.", "/inputs/0/parameters/binary_data_size");
        }
        return data.bytes();
    }

    private static boolean isBinaryWanted(InferRequest request) {
        boolean binary = request.parameters() != null
                && Boolean.TRUE.equals(request.parameters().binaryDataOutput());
        List<InferRequest.@Nullable RequestedOutput> outputs = Objects.requireNonNullElse(request.outputs(), List.of());
        for (int i = 0; i < outputs.size(); i++) {
            InferRequest.RequestedOutput output = outputs.get(i);
            if (output == null || !InferenceResource.PROBABILITIES.equals(output.name())) {
                throw refused(
                        "There is one output, %s, and none named %s."
                                .formatted(InferenceResource.PROBABILITIES, output == null ? null : name(output)),
                        "/outputs/%d/name".formatted(i));
            }
            if (output.parameters() != null && output.parameters().binaryData() != null) {
                binary = output.parameters().binaryData();
            }
        }
        if (outputs.size() > 1) {
            throw refused("There is one output; it is asked for once.", "/outputs/1");
        }
        return binary;
    }

    private static String name(InferRequest.RequestedOutput output) {
        String name = String.valueOf(output.name());
        int most = 100;
        return name.length() <= most ? name : name.substring(0, most) + "…";
    }

    private static ProblemException refused(String detail, String pointer) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail, pointer);
    }
}
