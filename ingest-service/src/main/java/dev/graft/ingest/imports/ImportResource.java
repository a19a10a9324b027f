package dev.graft.ingest.imports;

import dev.graft.messaging.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Serves imports.
@Path("/v1/imports/{id}")
@Tag(name = "imports", description = "Archives of images")
public class ImportResource {
    private final ImportViews views;
    private final ImportEvents events;
    private final Transactions transactions;

    ImportResource(ImportViews views, ImportEvents events, Transactions transactions) {
        this.views = views;
        this.events = events;
        this.transactions = transactions;
    }

    /// Describes an import.
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "getImport", summary = "Describe an import as it stands")
    public Uni<ImportView> get(@Parameter(description = "The import's id") @PathParam("id") UUID importId) {
        return transactions.run(session -> views.get(session, importId));
    }

    /// Follows an import to its end. A client that was cut off and sends `Last-Event-ID` goes on where it was.
    @GET
    @Path("events")
    @RunOnVirtualThread
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @APIResponse(
            responseCode = "200",
            description = "An event a change, with the import as its data",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = ImportView.class)))
    @Operation(
            operationId = "followImport",
            summary = "Follow an import: its state at once, then each change, until its end")
    public void follow(
            @Parameter(description = "The import's id") @PathParam("id") UUID importId,
            @Parameter(description = "The id of the last event that was received; what came after it follows")
                    @HeaderParam("Last-Event-ID")
                    @Nullable
                    String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws InterruptedException {
        events.follow(importId, lastEventId, sink, sse);
    }
}
