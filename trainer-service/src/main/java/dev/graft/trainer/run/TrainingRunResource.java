package dev.graft.trainer.run;

import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.IdempotencyKey;
import dev.graft.trainer.model.BundleFiles;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Training runs.
@Path("/v1/training-runs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "training runs", description = "Training, from request to model version")
public class TrainingRunResource {
    private static final int MAX_LISTED = 100;

    private final RunRequests requests;
    private final RunStore store;
    private final RunEvents events;
    private final ObjectStore objects;

    TrainingRunResource(RunRequests requests, RunStore store, RunEvents events, ObjectStore objects) {
        this.requests = requests;
        this.store = store;
        this.events = events;
        this.objects = objects;
    }

    /// Begins a run.
    @RunOnVirtualThread
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "train", summary = "Begin a training run")
    @APIResponse(
            responseCode = "202",
            description = "The run was accepted",
            content = @Content(schema = @Schema(implementation = TrainingRunView.class)))
    @APIResponse(responseCode = "409", description = "What is needed is not here, such as weights")
    @APIResponse(responseCode = "422", description = "The dataset cannot be trained on, or a setting is not supported")
    public Response begin(
            @NotNull @Valid TrainingRunRequest request,
            @Parameter(description = "Names the request: sent again under the same key, it gives the run that it began")
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @Nullable
                    String idempotencyKey) {
        TrainingRunView view = requests.accept(request, idempotencyKey).view();
        return Response.accepted(view)
                .location(URI.create("/v1/training-runs/" + view.id()))
                .build();
    }

    /// Lists the runs, the newest first.
    @GET
    @Operation(operationId = "listTrainingRuns", summary = "List the training runs, the newest first")
    public Uni<List<TrainingRunView>> runs(
            @Parameter(description = "How many at most")
                    @QueryParam("limit")
                    @DefaultValue("100")
                    @Min(1)
                    @Max(MAX_LISTED)
                    int limit,
            @Parameter(description = "The id of the last run of the page before; absent for the first page")
                    @QueryParam("after")
                    @DefaultValue("")
                    @Pattern(regexp = "^[0-9A-Za-z-]{0,100}$", message = "must be the id of a training run")
                    String after) {
        return store.newest(after, limit)
                .map(found -> found.stream().map(TrainingRun::view).toList());
    }

    /// Finds a run.
    @GET
    @Path("{id}")
    @Operation(operationId = "getTrainingRun", summary = "Describe a training run as it stands")
    public Uni<TrainingRunView> run(@Parameter(description = "The run's id") @PathParam("id") String id) {
        return store.find(id).map(TrainingRun::view);
    }

    /// Follows a run: its state at once, every change, a comment as sign of life, and the end at a final state.
    /// A client that was cut off and sends `Last-Event-ID` goes on where it was.
    @RunOnVirtualThread
    @GET
    @Path("{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "followTrainingRun",
            summary = "Follow a training run: its state at once, then each change, until its end")
    @APIResponse(
            responseCode = "200",
            description = "An event a change, with the run as its data",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = TrainingRunView.class)))
    public void events(
            @Parameter(description = "The run's id") @PathParam("id") String id,
            @Parameter(description = "The id of the last event that was received; what came after it follows")
                    @HeaderParam("Last-Event-ID")
                    @Nullable
                    String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws InterruptedException {
        events.follow(store.require(id).view(), lastEventId, sink, sse);
    }

    /// Gives the report of a run that succeeded.
    @RunOnVirtualThread
    @GET
    @Path("{id}/report")
    @Produces(MediaType.TEXT_HTML)
    @Operation(operationId = "getReport", summary = "Get the report of a training run that succeeded")
    @APIResponse(
            responseCode = "200",
            description = "The report",
            content = @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(implementation = String.class)))
    public Response report(@Parameter(description = "The run's id") @PathParam("id") String id) {
        TrainingRunView run = store.require(id).view();
        Integer version = run.version();
        if (version == null) {
            throw new ProblemException(
                    ProblemType.REPORT_NOT_FOUND,
                    "The run is %s; only a run that succeeded has a report.".formatted(run.state()),
                    "id");
        }
        try {
            String key = ObjectKeys.bundlePrefix(run.model(), version) + BundleFiles.REPORT;
            return Response.ok(objects.open(key), "text/html;charset=utf-8").build();
        } catch (ObjectNotFoundException e) {
            throw new ProblemException(ProblemType.REPORT_NOT_FOUND, "The report is gone from object storage.", e);
        }
    }

    /// Ends a run. What it has written so far is never registered.
    @DELETE
    @Path("{id}")
    @Operation(
            operationId = "cancelTrainingRun",
            summary = "End a training run; what it has written is never registered")
    @APIResponse(
            responseCode = "200",
            description = "The run, ended or about to end",
            content = @Content(schema = @Schema(implementation = TrainingRunView.class)))
    @APIResponse(responseCode = "409", description = "The run has ended already")
    public Uni<TrainingRunView> cancel(@Parameter(description = "The run's id") @PathParam("id") String id) {
        return store.cancel(id).map(TrainingRun::view);
    }
}
