package dev.graft.ingest.version;

import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.request.IdempotencyKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Serves frozen versions of a dataset.
@Path("/v1/datasets/{name}/versions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "dataset versions", description = "Frozen versions of a dataset")
public class VersionResource {
    private final Freezer freezer;
    private final Versions versions;
    private final Datasets datasets;
    private final ObjectStore objects;
    private final Transactions transactions;

    VersionResource(
            Freezer freezer, Versions versions, Datasets datasets, ObjectStore objects, Transactions transactions) {
        this.freezer = freezer;
        this.versions = versions;
        this.datasets = datasets;
        this.objects = objects;
        this.transactions = transactions;
    }

    /// Freezes the dataset as it is.
    @POST
    @RunOnVirtualThread
    @Operation(
            operationId = "freezeDataset",
            summary = "Freeze a dataset; when nothing changed since the newest version, that is given")
    @APIResponse(
            responseCode = "201",
            description = "A version was made",
            content = @Content(schema = @Schema(implementation = VersionView.class)))
    @APIResponse(
            responseCode = "200",
            description = "The newest version is the dataset as it is",
            content = @Content(schema = @Schema(implementation = VersionView.class)))
    @APIResponse(responseCode = "422", description = "The dataset has no pictures")
    public Response freeze(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(description = IdempotencyKeys.DESCRIPTION)
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @Nullable
                    String key)
            throws IOException {
        return freezer.freeze(name, key).response();
    }

    /// Lists versions, the oldest first.
    @GET
    @Operation(operationId = "listDatasetVersions", summary = "List a dataset's versions, the oldest first")
    public Uni<PageView<VersionView>> list(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(description = PageRequest.LIMIT)
                    @QueryParam("limit")
                    @DefaultValue(PageRequest.DEFAULT_LIMIT)
                    @Min(1)
                    @Max(PageRequest.MAX_LIMIT)
                    int limit,
            @Parameter(description = PageRequest.AFTER)
                    @QueryParam("after")
                    @DefaultValue("0")
                    @Min(0)
                    @Max(Integer.MAX_VALUE)
                    int after) {
        return transactions.run(session -> datasets.get(session, name)
                .chain(dataset -> versions.list(session, dataset, new PageRequest<>(limit, after))));
    }

    /// Describes one version.
    @GET
    @Path("{version}")
    @Operation(operationId = "getDatasetVersion", summary = "Describe a version")
    public Uni<VersionView> get(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(description = "The version's number") @PathParam("version") int version) {
        return transactions.run(session -> find(session, name, version));
    }

    private Uni<VersionView> find(Mutiny.Session session, String name, int version) {
        return datasets.get(session, name).chain(dataset -> versions.get(session, dataset, version));
    }

    /// Gives a version's manifest.
    @GET
    @Path("{version}/manifest")
    @RunOnVirtualThread
    @Produces("application/jsonl")
    @APIResponse(
            responseCode = "200",
            description = "A JSON object a line",
            content = @Content(mediaType = "application/jsonl", schema = @Schema(implementation = String.class)))
    @Operation(
            operationId = "getManifest",
            summary = "Get a version's manifest: JSON lines of imageId, label and split, by image id")
    public Response manifest(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(description = "The version's number") @PathParam("version") int version) {
        VersionView view = transactions.call(session -> find(session, name, version));
        return Response.ok(objects.open(view.manifestKey()))
                .tag(view.manifestDigest())
                .build();
    }
}
