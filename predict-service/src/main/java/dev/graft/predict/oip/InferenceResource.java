package dev.graft.predict.oip;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.predict.PredictConfig;
import dev.graft.predict.model.ModelShelf;
import dev.graft.predict.model.ServedModel;
import dev.graft.predict.picture.Admission;
import dev.graft.predict.picture.Predictor;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/// Serves the models in production by the Open Inference Protocol.
@Path("/v2/models/{name}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class InferenceResource {
    private static final String PIXELS = "pixels";
    private static final String PROBABILITIES = "probabilities";
    private static final String PIXEL_TYPE = "UINT8";
    private static final String PROBABILITY_TYPE = "FP32";
    private static final long CHANNELS = 3;
    private static final ObjectReader REQUESTS = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(InferRequest.class);

    private final ModelShelf shelf;
    private final Predictor predictor;
    private final Admission admission;
    private final PredictConfig config;

    InferenceResource(ModelShelf shelf, Predictor predictor, Admission admission, PredictConfig config) {
        this.shelf = shelf;
        this.predictor = predictor;
        this.admission = admission;
        this.config = config;
    }

    /// Describes a model.
    @GET
    @Operation(summary = "Describes a model")
    public ModelMetadataView metadata(@PathParam("name") String name) {
        return describe(lend(name));
    }

    /// Describes a version of a model.
    @GET
    @Path("versions/{version}")
    @Operation(summary = "Describes a version of a model")
    public ModelMetadataView metadata(@PathParam("name") String name, @PathParam("version") String version) {
        return describe(lend(name, version));
    }

    /// Says that a model is served.
    @GET
    @Path("ready")
    @Operation(summary = "Says that a model is served; 404 when it is not")
    public Map<String, Object> ready(@PathParam("name") String name) {
        return sayReady(lend(name));
    }

    /// Says that a version of a model is served.
    @GET
    @Path("versions/{version}/ready")
    @Operation(summary = "Says that a version of a model is served; 404 when it is not")
    public Map<String, Object> ready(@PathParam("name") String name, @PathParam("version") String version) {
        return sayReady(lend(name, version));
    }

    /// Computes probabilities of prepared pictures.
    @POST
    @Path("infer")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Computes the probabilities of prepared pictures")
    public InferView infer(
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long sizeBytes,
            InputStream body)
            throws IOException {
        return infer(lend(name), sizeBytes, body);
    }

    /// Computes probabilities of prepared pictures, by the version that the caller means.
    @POST
    @Path("versions/{version}/infer")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Computes the probabilities of prepared pictures")
    public InferView infer(
            @PathParam("name") String name,
            @PathParam("version") String version,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long sizeBytes,
            InputStream body)
            throws IOException {
        return infer(lend(name, version), sizeBytes, body);
    }

    private static ModelMetadataView describe(ServedModel lent) {
        try (ServedModel model = lent) {
            long size = model.inputSize();
            return new ModelMetadataView(
                    model.name(),
                    List.of(Integer.toString(model.version())),
                    "onnxruntime_onnx",
                    List.of(new ModelMetadataView.Tensor(PIXELS, PIXEL_TYPE, List.of(-1L, size, size, CHANNELS))),
                    List.of(new ModelMetadataView.Tensor(PROBABILITIES, PROBABILITY_TYPE, List.of(-1L, (long)
                            model.labels().size()))),
                    Map.of("labels", model.labels()));
        }
    }

    private static Map<String, Object> sayReady(ServedModel lent) {
        try (ServedModel model = lent) {
            return Map.of("name", model.name(), "ready", true);
        }
    }

    private InferView infer(ServedModel lent, @Nullable Long sizeBytes, InputStream body) throws IOException {
        try (ServedModel model = lent;
                Admission.Ticket ticket = admission.admit(sizeBytes == null ? maxTensorBytes(model) : sizeBytes)) {
            InferRequest request = REQUESTS.withAttribute(PixelTensor.MAX_LENGTH, maxTensorBytes(model))
                    .readValue(body);
            InferRequest.Input input = pixels(request, model);
            float[][] probabilities = predictor.classify(model, input.data().bytes());
            return new InferView(
                    model.name(),
                    Integer.toString(model.version()),
                    request.id(),
                    List.of(new InferView.Output(
                            PROBABILITIES,
                            PROBABILITY_TYPE,
                            List.of((long) probabilities.length, (long)
                                    model.labels().size()),
                            flat(probabilities))));
        }
    }

    private long maxTensorBytes(ServedModel model) {
        return CHANNELS * model.inputSize() * model.inputSize() * config.maxPicturesPerRequest();
    }

    private InferRequest.Input pixels(InferRequest request, ServedModel model) {
        if (request.inputs().size() != 1) {
            throw refused("There must be exactly one input.", "/inputs");
        }
        InferRequest.Input input = request.inputs().getFirst();
        if (!input.name().equals(PIXELS)) {
            throw refused("The input must be named " + PIXELS + ".", "/inputs/0/name");
        }
        if (!input.datatype().equals(PIXEL_TYPE)) {
            throw refused("The input must be of datatype " + PIXEL_TYPE + ".", "/inputs/0/datatype");
        }
        long size = model.inputSize();
        List<Long> shape = input.shape();
        long pictures = shape.isEmpty() ? 0 : shape.getFirst();
        if (!shape.equals(List.of(pictures, size, size, CHANNELS))
                || pictures < 1
                || pictures > config.maxPicturesPerRequest()) {
            throw refused(
                    "The shape must be [1 to %d, %d, %d, %d]."
                            .formatted(config.maxPicturesPerRequest(), size, size, CHANNELS),
                    "/inputs/0/shape");
        }
        if (input.data().bytes().length != pictures * size * size * CHANNELS) {
            throw refused("The data has another length than the shape says.", "/inputs/0/data");
        }
        return input;
    }

    private ServedModel lend(String name) {
        return shelf.lend(name)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.MODEL_NOT_FOUND, "No model named " + name + " is in production."));
    }

    private ServedModel lend(String name, String version) {
        ServedModel model = lend(name);
        int served = model.version();
        if (!version.equals(Integer.toString(served))) {
            model.close();
            throw new ProblemException(
                    ProblemType.MODEL_VERSION_NOT_FOUND,
                    "Version %d of %s is in production, and no other is served.".formatted(served, name));
        }
        return model;
    }

    private static ProblemException refused(String detail, String pointer) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail, pointer);
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
        }
        return flat;
    }
}
