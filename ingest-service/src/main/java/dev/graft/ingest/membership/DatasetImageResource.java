package dev.graft.ingest.membership;

import dev.graft.contracts.ImageIds;
import dev.graft.contracts.Split;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.ingest.membership.Uploads.Destination;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.IdempotencyKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
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

/// Serves the images of a dataset.
@Path("/v1/datasets/{name}/images")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dataset images", description = "The images of a dataset and their labels")
public class DatasetImageResource {
    private final Datasets datasets;
    private final Memberships memberships;
    private final Uploads uploads;
    private final Transactions transactions;

    DatasetImageResource(Datasets datasets, Memberships memberships, Uploads uploads, Transactions transactions) {
        this.datasets = datasets;
        this.memberships = memberships;
        this.uploads = uploads;
        this.transactions = transactions;
    }

    /// Adds one image.
    @POST
    @RunOnVirtualThread
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
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
    @Operation(
            operationId = "addImage",
            summary = "Add an image with a label, or the images of a form; formats are found by content")
    @APIResponse(
            responseCode = "201",
            description = "The picture was added",
            content = @Content(schema = @Schema(implementation = DatasetImageView.class)))
    @APIResponse(
            responseCode = "200",
            description = "The dataset had the image with this label already; of a form: what became of each file",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(anyOf = {DatasetImageView.class, UploadResultsView.class})))
    @APIResponse(responseCode = "409", description = "The dataset has the picture with another label")
    @APIResponse(responseCode = "422", description = "The file is no complete picture within the limits")
    public Response add(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(
                            description = "The label of the image",
                            required = true,
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            minLength = 1,
                                            maxLength = Labels.MAX_LENGTH,
                                            pattern = Labels.PATTERN))
                    @QueryParam("label")
                    @Nullable
                    String label,
            @Parameter(
                            description = "The split",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"train", "val", "test"}))
                    @QueryParam("split")
                    @Nullable
                    String split,
            @Parameter(description = "The file's name, to be shown") @QueryParam("file") @Nullable String file,
            @Parameter(description = "May name the file, where the query does not")
                    @HeaderParam(HttpHeaders.CONTENT_DISPOSITION)
                    @Nullable
                    String disposition,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_LENGTH) @DefaultValue("-1") long sizeBytes,
            @Parameter(description = IdempotencyKeys.DESCRIPTION)
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @Nullable
                    String key,
            InputStream body)
            throws IOException, InterruptedException {
        String fileName = file == null ? FileNames.ofDisposition(disposition) : file;
        return uploads.add(Destination.of(name, label, split), fileName, sizeBytes, body, key)
                .response();
    }

    /// Adds many images of one label.
    @POST
    @RunOnVirtualThread
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(hidden = true)
    public UploadResultsView addAll(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(
                            description = "The label of the image",
                            required = true,
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            minLength = 1,
                                            maxLength = Labels.MAX_LENGTH,
                                            pattern = Labels.PATTERN))
                    @QueryParam("label")
                    @Nullable
                    String label,
            @Parameter(
                            description = "The split",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"train", "val", "test"}))
                    @QueryParam("split")
                    @Nullable
                    String split,
            @Parameter(description = IdempotencyKeys.DESCRIPTION)
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @Nullable
                    String key,
            @RestForm(FileUpload.ALL) List<FileUpload> files)
            throws IOException, InterruptedException {
        if (files.isEmpty()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "The form has no files. A file's part has a filename in its Content-Disposition, or an image's Content-Type.");
        }
        return uploads.addAll(Destination.of(name, label, split), files, key);
    }

    /// Lists images by id.
    @GET
    @Operation(operationId = "listDatasetImages", summary = "List a dataset's pictures by id")
    public Uni<PageView<DatasetImageView>> list(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(description = "Only images of this label") @QueryParam("label") @DefaultValue("") String label,
            @Parameter(
                            description = "The split",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"train", "val", "test"}))
                    @QueryParam("split")
                    @Nullable
                    String split,
            @Parameter(description = PageRequest.LIMIT)
                    @QueryParam("limit")
                    @DefaultValue(PageRequest.DEFAULT_LIMIT)
                    @Min(1)
                    @Max(PageRequest.MAX_LIMIT)
                    int limit,
            @Parameter(description = PageRequest.AFTER)
                    @QueryParam("after")
                    @DefaultValue("")
                    @Pattern(regexp = ImageIds.PATTERN_OR_EMPTY, message = "must be the id of a picture")
                    String after) {
        Split wanted = Destination.split(split);
        return transactions.run(session -> datasets.get(session, name)
                .chain(dataset -> memberships.list(session, dataset, label, wanted, new PageRequest<>(limit, after))));
    }

    /// Gives an image another label.
    @PUT
    @Path("{id}/label")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "labelImage", summary = "Give a picture another label, and another split if wanted")
    public Uni<DatasetImageView> label(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(description = "SHA-256 of the image's file, hex") @PathParam("id") String imageId,
            @NotNull @Valid LabelRequest request) {
        return transactions.run(session ->
                datasets.hold(session, name).chain(dataset -> memberships.label(session, dataset, imageId, request)));
    }
}
