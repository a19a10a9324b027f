package dev.graft.ingest.reject;

import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.messaging.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Serves refused files.
@Path("/v1/rejects")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "rejects")
public class RejectResource {
    private final Rejects rejects;
    private final Replays replays;
    private final Transactions transactions;

    RejectResource(Rejects rejects, Replays replays, Transactions transactions) {
        this.rejects = rejects;
        this.replays = replays;
        this.transactions = transactions;
    }

    /// Lists refused files, the oldest first.
    @GET
    @Operation(summary = "List refused files, the oldest first, of all datasets or of one, or of one import")
    public PageView<RejectView> list(
            @QueryParam("dataset") @DefaultValue("") String dataset,
            @QueryParam("import") @Nullable UUID importId,
            @BeanParam PageRequest page) {
        return transactions.call(session -> rejects.list(session, dataset, importId, page));
    }

    /// Tries a refused file again.
    @POST
    @Path("{id}/replay")
    @Operation(summary = "Try a refused file again, with another label if wanted")
    @APIResponse(responseCode = "201", description = "The picture was added")
    @APIResponse(responseCode = "200", description = "The dataset has the picture with this label already")
    public Response replay(
            @PathParam("id") UUID rejectId,
            @QueryParam("label") @Nullable String label,
            @HeaderParam(IdempotencyKeys.HEADER) @Nullable String key)
            throws InterruptedException {
        return replays.replay(rejectId, label, key).response();
    }
}
