package dev.graft.ingest.reject;

import dev.graft.contracts.Names;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.ingest.membership.DatasetImageView;
import dev.graft.messaging.Transactions;
import dev.graft.problem.request.IdempotencyKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Serves refused files.
@Path("/v1/rejects")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "rejects", description = "Files that were refused")
public class RejectResource {
    private static final String UUID_OR_EMPTY = "^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$";

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
    @Operation(
            operationId = "listRejects",
            summary = "List refused files, the oldest first, of all datasets or of one, or of one import")
    public Uni<PageView<RejectView>> list(
            @Parameter(description = "Only files of this dataset")
                    @QueryParam("dataset")
                    @DefaultValue("")
                    @Pattern(regexp = Names.PATTERN_OR_EMPTY, message = Names.RULE)
                    String dataset,
            @Parameter(description = "Only files of this import")
                    @QueryParam("import")
                    @DefaultValue("")
                    @Pattern(regexp = UUID_OR_EMPTY, message = "must be the id of an import")
                    String importId,
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
                    @Max(Long.MAX_VALUE)
                    long after) {
        UUID wanted = importId.isEmpty() ? null : UUID.fromString(importId);
        return transactions.run(session -> rejects.list(session, dataset, wanted, new PageRequest<>(limit, after)));
    }

    /// Tries a refused file again.
    @POST
    @RunOnVirtualThread
    @Path("{id}/replay")
    @Operation(operationId = "replayReject", summary = "Try a refused file again, with another label if wanted")
    @APIResponse(
            responseCode = "201",
            description = "The picture was added",
            content = @Content(schema = @Schema(implementation = DatasetImageView.class)))
    @APIResponse(
            responseCode = "200",
            description = "The dataset has the picture with this label already",
            content = @Content(schema = @Schema(implementation = DatasetImageView.class)))
    public Response replay(
            @Parameter(description = "The id of the rejected file") @PathParam("id") UUID rejectId,
            @Parameter(
                            description = "Another label",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            minLength = 1,
                                            maxLength = Labels.MAX_LENGTH,
                                            pattern = Labels.PATTERN))
                    @QueryParam("label")
                    @Nullable
                    String label,
            @Parameter(description = IdempotencyKeys.DESCRIPTION)
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @Nullable
                    String key)
            throws InterruptedException {
        return replays.replay(rejectId, label, key).response();
    }
}
