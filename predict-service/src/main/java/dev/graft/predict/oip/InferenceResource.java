package dev.graft.predict.oip;

import dev.graft.predict.PredictConfig;
import dev.graft.predict.model.ModelShelf;
import dev.graft.predict.model.ServedModel;
import dev.graft.predict.prediction.Admission;
import dev.graft.predict.prediction.Predictor;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.HeldBodies;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Serves the models in production by the Open Inference Protocol.
@Path("/v2/models/{name}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Open Inference Protocol", description = "The models in production for clients of any model server")
public class InferenceResource {
    static final String PIXELS = "pixels";
    static final String PROBABILITIES = "probabilities";
    static final String PIXEL_TYPE = "UINT8";
    private static final String PROBABILITY_TYPE = "FP32";
    private static final String NAME = "The name of a model in production";
    private static final String VERSION = "The version in production";
    private static final String HEADER_LENGTH =
            "How many bytes of the body are JSON, when a tensor follows it as bytes";

    /// A number of up to three digits and what parts it from the next.
    private static final int JSON_BYTES_PER_PIXEL = 5;

    private static final int JSON_BYTES_BESIDE_PIXELS = 1 << 16;

    private final ModelShelf shelf;
    private final Predictor predictor;
    private final Admission admission;
    private final HeldBodies bodies;
    private final PredictConfig config;

    InferenceResource(
            ModelShelf shelf, Predictor predictor, Admission admission, HeldBodies bodies, PredictConfig config) {
        this.shelf = shelf;
        this.predictor = predictor;
        this.admission = admission;
        this.bodies = bodies;
        this.config = config;
    }

    /// Describes a model.
    @GET
    @Operation(operationId = "getModelMetadata", summary = "Describe a model")
    public ModelMetadataView metadata(@Parameter(description = NAME) @PathParam("name") String name) {
        return describe(lend(name));
    }

    /// Describes a version of a model.
    @GET
    @Path("versions/{version}")
    @Operation(operationId = "getModelVersionMetadata", summary = "Describe a version of a model")
    public ModelMetadataView metadata(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = VERSION) @PathParam("version") String version) {
        return describe(lend(name, version));
    }

    /// Says that a model is served.
    @GET
    @Path("ready")
    @Operation(operationId = "isModelReady", summary = "Say that a model is served; 404 when it is not")
    public ModelReadyView ready(@Parameter(description = NAME) @PathParam("name") String name) {
        return sayReady(lend(name));
    }

    /// Says that a version of a model is served.
    @GET
    @Path("versions/{version}/ready")
    @Operation(
            operationId = "isModelVersionReady",
            summary = "Say that a version of a model is served; 404 when it is not")
    public ModelReadyView ready(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = VERSION) @PathParam("version") String version) {
        return sayReady(lend(name, version));
    }

    /// Computes probabilities of prepared images.
    @POST
    @Path("infer")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
    @Produces({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(operationId = "infer", summary = "Compute the probabilities of prepared pictures")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = InferRequest.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    @APIResponse(
            responseCode = "200",
            description = "The probabilities; with the tensor as bytes behind the JSON where that is asked for",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = InferView.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public Response infer(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = HEADER_LENGTH) @HeaderParam(InferRequests.HEADER_LENGTH) @Nullable
                    Integer jsonSizeBytes,
            InputStream body)
            throws IOException {
        return infer(name, null, jsonSizeBytes, body);
    }

    /// Computes probabilities of prepared images, by the version that the caller means.
    @POST
    @Path("versions/{version}/infer")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
    @Produces({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(operationId = "inferByVersion", summary = "Compute the probabilities of prepared pictures by a version")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = InferRequest.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    @APIResponse(
            responseCode = "200",
            description = "The probabilities; with the tensor as bytes behind the JSON where that is asked for",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = InferView.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public Response inferByVersion(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = VERSION) @PathParam("version") String version,
            @Parameter(description = HEADER_LENGTH) @HeaderParam(InferRequests.HEADER_LENGTH) @Nullable
                    Integer jsonSizeBytes,
            InputStream body)
            throws IOException {
        return infer(name, version, jsonSizeBytes, body);
    }

    private static ModelMetadataView describe(ServedModel lent) {
        try (ServedModel model = lent) {
            long size = model.inputSize();
            return new ModelMetadataView(
                    model.name(),
                    List.of(Integer.toString(model.version())),
                    "onnxruntime_onnx",
                    List.of(new ModelMetadataView.Tensor(
                            PIXELS, PIXEL_TYPE, List.of(-1L, size, size, PixelTensor.CHANNELS))),
                    List.of(new ModelMetadataView.Tensor(PROBABILITIES, PROBABILITY_TYPE, List.of(-1L, (long)
                            model.labels().size()))),
                    new ModelMetadataView.Parameters(model.labels()));
        }
    }

    private static ModelReadyView sayReady(ServedModel lent) {
        try (ServedModel model = lent) {
            return new ModelReadyView(model.name(), true);
        }
    }

    /// Neither a model nor a place is taken while the body comes.
    private Response infer(String name, @Nullable String version, @Nullable Integer jsonSizeBytes, InputStream stream)
            throws IOException {
        int side;
        try (ServedModel model = lend(name, version)) {
            side = model.inputSize();
        }
        int maxImages = config.maxImagesPerRequest();
        long pixels = PixelTensor.CHANNELS * side * side * maxImages;
        int maxSizeBytes = Math.toIntExact(pixels * JSON_BYTES_PER_PIXEL + JSON_BYTES_BESIDE_PIXELS);
        try (HeldBodies.Held body = bodies.read(stream, maxSizeBytes)) {
            if (body.bytes().length > maxSizeBytes) {
                throw new ProblemException(
                        ProblemType.CONTENT_TOO_LARGE,
                        "A request of this model may have at most %,d bytes.".formatted(maxSizeBytes));
            }
            try (ServedModel model = lend(name, version);
                    Admission.Ticket ticket = admission.admit(body.bytes().length)) {
                InferRequests.Asked asked =
                        InferRequests.read(body.bytes(), jsonSizeBytes, model.inputSize(), maxImages);
                return InferResponses.of(model, asked, predictor.classify(model, asked.pixels()));
            }
        }
    }

    private ServedModel lend(String name) {
        return shelf.lend(name)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.MODEL_NOT_FOUND, "No model named " + name + " is in production.", "name"));
    }

    private ServedModel lend(String name, @Nullable String version) {
        ServedModel model = lend(name);
        int served = model.version();
        if (version != null && !version.equals(Integer.toString(served))) {
            model.close();
            throw new ProblemException(
                    ProblemType.MODEL_VERSION_NOT_FOUND,
                    "Version %d of %s is in production, and no other is served.".formatted(served, name),
                    "version");
        }
        return model;
    }
}
