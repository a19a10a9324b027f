package dev.graft.ingest.membership;

import dev.graft.contracts.Split;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.ingest.membership.Uploads.Destination;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
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
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// Serves the pictures of a dataset.
@Path("/v1/datasets/{name}/images")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "dataset images")
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

    /// Adds one picture.
    @POST
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
    @Operation(summary = "Add a picture with a label; its format is found by its content")
    @APIResponse(responseCode = "201", description = "The picture was added")
    @APIResponse(responseCode = "200", description = "The dataset had the picture with this label already")
    @APIResponse(responseCode = "409", description = "The dataset has the picture with another label")
    @APIResponse(responseCode = "422", description = "The file is no complete picture within the limits")
    public Response add(
            @PathParam("name") String name,
            @QueryParam("label") @Nullable String label,
            @QueryParam("split") @Nullable String split,
            @QueryParam("file") @Nullable String file,
            @HeaderParam(HttpHeaders.CONTENT_DISPOSITION) @Nullable String disposition,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @DefaultValue("-1") long sizeBytes,
            @HeaderParam(IdempotencyKeys.HEADER) @Nullable String key,
            InputStream body)
            throws IOException, InterruptedException {
        String fileName = file == null ? FileNames.ofDisposition(disposition) : file;
        return uploads.add(Destination.of(name, label, split), fileName, sizeBytes, body, key)
                .response();
    }

    /// Adds many pictures of one label.
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(summary = "Add pictures with one label; each has its own result, in order")
    @APIResponse(responseCode = "200", description = "What became of each file")
    @APIResponse(responseCode = "413", description = "The form is too large")
    public UploadResultsView addAll(
            @PathParam("name") String name,
            @QueryParam("label") @Nullable String label,
            @QueryParam("split") @Nullable String split,
            @HeaderParam(IdempotencyKeys.HEADER) @Nullable String key,
            @RestForm(FileUpload.ALL) List<FileUpload> files)
            throws IOException, InterruptedException {
        if (files.isEmpty()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The form has no files.");
        }
        return uploads.addAll(Destination.of(name, label, split), files, key);
    }

    /// Lists pictures by id.
    @GET
    @Operation(summary = "List a dataset's pictures by id")
    public PageView<DatasetImageView> list(
            @PathParam("name") String name,
            @QueryParam("label") @DefaultValue("") String label,
            @QueryParam("split") @Nullable String split,
            @BeanParam PageRequest page) {
        Split part = Destination.split(split);
        return transactions.call(session ->
                datasets.get(session, name).chain(dataset -> memberships.list(session, dataset, label, part, page)));
    }

    /// Gives a picture another label.
    @PUT
    @Path("{id}/label")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Give a picture another label, and another part if wanted")
    public DatasetImageView label(
            @PathParam("name") String name, @PathParam("id") String imageId, @Nullable LabelRequest request) {
        if (request == null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The body must be JSON with a label.", "/label");
        }
        return transactions.call(session ->
                datasets.hold(session, name).chain(dataset -> memberships.label(session, dataset, imageId, request)));
    }
}
