package dev.graft.predict.http;

import dev.graft.predict.PredictConfig;
import dev.graft.predict.imagenet.ImageNetClassifiers;
import dev.graft.predict.model.ModelShelf;
import dev.graft.predict.model.ModelView;
import dev.graft.predict.model.ServedModel;
import dev.graft.predict.picture.Admission;
import dev.graft.predict.picture.Prediction;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// Predicts pictures with the models in production.
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PredictResource {
    private static final int GREATEST_TOP = 1000;

    private final ModelShelf shelf;
    private final ImageNetClassifiers classifiers;
    private final Predictor predictor;
    private final Admission admission;
    private final PredictConfig config;

    PredictResource(
            ModelShelf shelf,
            ImageNetClassifiers classifiers,
            Predictor predictor,
            Admission admission,
            PredictConfig config) {
        this.shelf = shelf;
        this.classifiers = classifiers;
        this.predictor = predictor;
        this.admission = admission;
        this.config = config;
    }

    /// Lists the models that are served.
    @GET
    @Operation(summary = "Lists the models that are served")
    public List<ModelView> models() {
        return shelf.served();
    }

    /// Predicts one picture.
    ///
    /// @param backbone whose classifier of ImageNet is asked, for the model `imagenet`; the default one's if
    ///     absent
    @POST
    @Path("{name}/predict")
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
    @Operation(summary = "Predicts one picture")
    @APIResponse(responseCode = "200", description = "The most probable labels")
    @APIResponse(responseCode = "404", description = "No such model is in production")
    @APIResponse(responseCode = "503", description = "Too many requests are under way")
    public PredictionView predict(
            @PathParam("name") String name,
            @QueryParam("top") @Nullable Integer top,
            @QueryParam("backbone") @Nullable String backbone,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long sizeBytes,
            InputStream body)
            throws IOException {
        int limit = checkedTop(top);
        int maxBytes = config.decode().maxFileSizeBytes();
        long held = sizeBytes == null ? maxBytes : Math.min(sizeBytes, maxBytes);
        try (ServedModel model = lend(name, backbone);
                Admission.Ticket ticket = admission.admit(held)) {
            return switch (predictor.predict(model, read(body), limit)) {
                case Prediction.Made made -> new PredictionView(model.name(), model.version(), made.labels());
                case Prediction.Refused refused -> throw new ProblemException(refused.problem());
            };
        }
    }

    /// Predicts many pictures; one that is no good does not spoil the others.
    @POST
    @Path("{name}/predict")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(summary = "Predicts many pictures, in their order")
    public FilePredictionsView predictAll(
            @PathParam("name") String name,
            @QueryParam("top") @Nullable Integer top,
            @QueryParam("backbone") @Nullable String backbone,
            @RestForm(FileUpload.ALL) List<FileUpload> uploads) {
        int limit = checkedTop(top);
        if (uploads.isEmpty() || uploads.size() > config.maxPicturesPerRequest()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "A request carries 1 to %d files, not %d."
                            .formatted(config.maxPicturesPerRequest(), uploads.size()));
        }
        // The files lie on disk; only as many as are computed side by side are in memory.
        long held = uploads.stream().mapToLong(FileUpload::size).max().orElse(0);
        try (ServedModel model = lend(name, backbone);
                Admission.Ticket ticket = admission.admit(held)) {
            List<Prediction> predictions = predictor.predictAll(
                    model,
                    uploads.stream()
                            .<Predictor.PictureFile>map(upload -> () -> read(upload))
                            .toList(),
                    limit);
            List<FilePredictionView> results = new ArrayList<>(predictions.size());
            for (int i = 0; i < predictions.size(); i++) {
                results.add(FilePredictionView.of(uploads.get(i).fileName(), model, predictions.get(i)));
            }
            return new FilePredictionsView(results);
        }
    }

    private byte[] read(FileUpload upload) throws IOException {
        try (InputStream file = Files.newInputStream(upload.uploadedFile())) {
            return read(file);
        }
    }

    /// Reads one byte more than is allowed, so that a larger file shows.
    private byte[] read(InputStream file) throws IOException {
        return file.readNBytes(config.decode().maxFileSizeBytes() + 1);
    }

    private ServedModel lend(String name, @Nullable String backbone) {
        if (name.equals(ImageNetClassifiers.MODEL)) {
            return classifiers.lend(backbone);
        }
        if (backbone != null) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "A trained model has its own backbone; only %s takes another.".formatted(ImageNetClassifiers.MODEL),
                    "backbone");
        }
        return shelf.lend(name)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.MODEL_NOT_FOUND, "No model named " + name + " is in production."));
    }

    private int checkedTop(@Nullable Integer top) {
        if (top == null) {
            return config.defaultTop();
        }
        if (top < 1 || top > GREATEST_TOP) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "top must be 1 to %d, not %d.".formatted(GREATEST_TOP, top), "top");
        }
        return top;
    }
}
