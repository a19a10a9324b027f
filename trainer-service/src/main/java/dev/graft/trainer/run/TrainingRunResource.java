package dev.graft.trainer.run;

import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.trainer.model.BundleFiles;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
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
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Training runs.
@Path("/v1/training-runs")
@Produces(MediaType.APPLICATION_JSON)
public class TrainingRunResource {
    private static final int MAX_LISTED = 1000;

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
    public Response begin(
            @Nullable TrainingRunRequest request, @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
        if (request == null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The request has no body.");
        }
        TrainingRunView view = requests.accept(request, idempotencyKey).view();
        return Response.accepted(view)
                .location(URI.create("/v1/training-runs/" + view.id()))
                .build();
    }

    /// Lists the runs, the newest first.
    @RunOnVirtualThread
    @GET
    public List<TrainingRunView> runs(@QueryParam("limit") @DefaultValue("100") int limit) {
        return store.newest(Math.clamp(limit, 1, MAX_LISTED)).stream()
                .map(TrainingRun::view)
                .toList();
    }

    /// Finds a run.
    @RunOnVirtualThread
    @GET
    @Path("{id}")
    public TrainingRunView run(@PathParam("id") String id) {
        return find(id).view();
    }

    /// Follows a run: its state at once, every change, a comment as sign of life, and the end at a final state.
    @Blocking
    @GET
    @Path("{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(@PathParam("id") String id, @Context Sse sse) {
        find(id);
        return events.follow(id, sse);
    }

    /// Gives the report of a run that succeeded.
    @RunOnVirtualThread
    @GET
    @Path("{id}/report")
    @Produces(MediaType.TEXT_HTML)
    public Response report(@PathParam("id") String id) {
        TrainingRunView run = find(id).view();
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
    @RunOnVirtualThread
    @DELETE
    @Path("{id}")
    public TrainingRunView cancel(@PathParam("id") String id) {
        TrainingRun run = find(id);
        if (!store.cancel(run)) {
            TrainingRunView ended = find(id).view();
            if (ended.state() != RunState.CANCELLED) {
                throw new ProblemException(
                        ProblemType.TRAINING_RUN_FINISHED, "The run is %s already.".formatted(ended.state()), "id");
            }
        }
        return run(id);
    }

    private TrainingRun find(String id) {
        return store.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.TRAINING_RUN_NOT_FOUND, "There is no training run %s.".formatted(id), "id"));
    }
}
