package dev.graft.ingest.version;

import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Serves frozen versions of a dataset.
@Path("/v1/datasets/{name}/versions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "dataset versions")
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
    @Operation(summary = "Freeze a dataset; when nothing changed since the newest version, that is given")
    @APIResponse(responseCode = "201", description = "A version was made")
    @APIResponse(responseCode = "200", description = "The newest version is the dataset as it is")
    @APIResponse(responseCode = "422", description = "The dataset has no pictures")
    public Response freeze(@PathParam("name") String name, @HeaderParam(IdempotencyKeys.HEADER) @Nullable String key)
            throws IOException {
        return freezer.freeze(name, key).response();
    }

    /// Lists versions, the oldest first.
    @GET
    @Operation(summary = "List a dataset's versions, the oldest first")
    public PageView<VersionView> list(@PathParam("name") String name, @BeanParam PageRequest page) {
        return transactions.call(
                session -> datasets.get(session, name).chain(dataset -> versions.list(session, dataset, page)));
    }

    /// Describes one version.
    @GET
    @Path("{version}")
    @Operation(summary = "Describe a version")
    public VersionView get(@PathParam("name") String name, @PathParam("version") int version) {
        return transactions.call(
                session -> datasets.get(session, name).chain(dataset -> versions.get(session, dataset, version)));
    }

    /// Gives a version's manifest.
    @GET
    @Path("{version}/manifest")
    @Produces("application/jsonl")
    @Operation(summary = "Get a version's manifest: JSON lines of imageId, label and split, by image id")
    public Response manifest(@PathParam("name") String name, @PathParam("version") int version) {
        VersionView view = get(name, version);
        return Response.ok(objects.open(view.manifestKey()))
                .tag(view.manifestDigest())
                .build();
    }
}
