package dev.graft.predict.http;

import dev.graft.predict.PredictConfig;
import dev.graft.predict.imagenet.ImageNetClassifiers;
import dev.graft.predict.model.ModelShelf;
import dev.graft.predict.model.ModelView;
import dev.graft.predict.model.ServedModel;
import dev.graft.predict.prediction.Admission;
import dev.graft.predict.prediction.Prediction;
import dev.graft.predict.prediction.Predictor;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.HeldBodies;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// Predicts images with the models in production.
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "predictions", description = "Labels of pictures, by models in production")
public class PredictResource {
    private static final int MAX_TOP = 1_000_000;
    private static final String NAME = "The name of a model in production, or `imagenet`";
    private static final String TOP = "How many labels are wanted at most; of a model with fewer, all; by default 5";
    private static final String BACKBONE =
            "Whose classifier of ImageNet is asked, for the model `imagenet`; by default the default backbone's";

    private final ModelShelf shelf;
    private final ImageNetClassifiers classifiers;
    private final Predictor predictor;
    private final Admission admission;
    private final HeldBodies bodies;
    private final PredictConfig config;

    PredictResource(
            ModelShelf shelf,
            ImageNetClassifiers classifiers,
            Predictor predictor,
            Admission admission,
            HeldBodies bodies,
            PredictConfig config) {
        this.shelf = shelf;
        this.classifiers = classifiers;
        this.predictor = predictor;
        this.admission = admission;
        this.bodies = bodies;
        this.config = config;
    }

    /// Lists the models that are served.
    @GET
    @Operation(operationId = "listServedModels", summary = "List the models that are served")
    public List<ModelView> models() {
        return shelf.served();
    }

    /// Predicts one image. Neither a model nor a place is taken while it comes.
    @POST
    @Path("{name}/predict")
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
    @Operation(operationId = "predict", summary = "Predict one picture, or many of a form, in their order")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = "image/*", schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA,
                        schema =
                                @Schema(
                                        type = SchemaType.OBJECT,
                                        requiredProperties = "file",
                                        properties =
                                                @SchemaProperty(
                                                        name = "file",
                                                        type = SchemaType.STRING,
                                                        format = "binary"),
                                        description = "Files of pictures, by this name or any other"))
            })
    @APIResponse(
            responseCode = "200",
            description = "The most probable labels, of one picture or of each",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(anyOf = {PredictionView.class, FilePredictionsView.class})))
    @APIResponse(
            responseCode = "422",
            description = "The file is no complete picture within the limits, or the model takes no other backbone")
    public PredictionView predict(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = TOP) @QueryParam("top") @Min(1) @Max(MAX_TOP) @Nullable Integer top,
            @Parameter(description = BACKBONE) @QueryParam("backbone") @Nullable String backbone,
            InputStream body)
            throws IOException {
        int limit = top == null ? config.defaultTop() : top;
        requireServed(name, backbone);
        try (HeldBodies.Held file = bodies.read(body, config.decode().maxFileSizeBytes());
                ServedModel model = lend(name, backbone);
                Admission.Ticket ticket = admission.admit(file.bytes().length)) {
            return switch (predictor.predict(model, file.bytes(), limit)) {
                case Prediction.Made made -> new PredictionView(model.name(), model.version(), made.labels());
                case Prediction.Refused refused -> throw new ProblemException(refused.problem());
            };
        }
    }

    /// Predicts many images; one that is no good does not spoil the others.
    @POST
    @Path("{name}/predict")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(hidden = true)
    public FilePredictionsView predictAll(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = TOP) @QueryParam("top") @Min(1) @Max(MAX_TOP) @Nullable Integer top,
            @Parameter(description = BACKBONE) @QueryParam("backbone") @Nullable String backbone,
            @RestForm(FileUpload.ALL) List<FileUpload> uploads) {
        int limit = top == null ? config.defaultTop() : top;
        if (uploads.isEmpty() || uploads.size() > config.maxImagesPerRequest()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "A request carries 1 to %d files, not %d. A file's part has a filename in its Content-Disposition, or an image's Content-Type."
                            .formatted(config.maxImagesPerRequest(), uploads.size()));
        }
        // The files lie on disk; only as many as are computed side by side are in memory.
        long held = uploads.stream().mapToLong(FileUpload::size).max().orElse(0);
        try (ServedModel model = lend(name, backbone);
                Admission.Ticket ticket = admission.admit(held)) {
            List<Prediction> predictions = predictor.predictAll(
                    model,
                    uploads.stream()
                            .<Predictor.ImageFile>map(upload -> () -> read(upload))
                            .toList(),
                    limit);
            List<FilePredictionView> results = new ArrayList<>(predictions.size());
            for (int i = 0; i < predictions.size(); i++) {
                FileUpload upload = uploads.get(i);
                String file =
                        Objects.requireNonNullElse(upload.fileName(), Objects.requireNonNullElse(upload.name(), ""));
                results.add(FilePredictionView.of(file, model, predictions.get(i)));
            }
            return new FilePredictionsView(results);
        }
    }

    /// Refuses what is not served before its body is read.
    private void requireServed(String name, @Nullable String backbone) {
        if (!name.equals(ImageNetClassifiers.MODEL)) {
            lend(name, backbone).close();
        }
    }

    /// Reads one byte more than is allowed, so that a larger file shows.
    private byte[] read(FileUpload upload) throws IOException {
        try (InputStream file = Files.newInputStream(upload.uploadedFile())) {
            return file.readNBytes(config.decode().maxFileSizeBytes() + 1);
        }
    }

    private ServedModel lend(String name, @Nullable String backbone) {
        if (name.equals(ImageNetClassifiers.MODEL)) {
            return classifiers.lend(backbone);
        }
        if (backbone != null) {
            throw new ProblemException(
                    ProblemType.SETTING_UNSUPPORTED,
                    "A trained model has its own backbone; only %s takes another.".formatted(ImageNetClassifiers.MODEL),
                    "backbone");
        }
        return shelf.lend(name)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.MODEL_NOT_FOUND, "No model named " + name + " is in production.", "name"));
    }
}
