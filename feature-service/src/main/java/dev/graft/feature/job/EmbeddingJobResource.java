package dev.graft.feature.job;

import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.manifest.Manifests;
import dev.graft.jobs.TooManyJobsException;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.IdempotencyKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Takes requests for the embeddings of many images, and shows their progress.
@Path("/v1/embedding-jobs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "embedding jobs", description = "Embeddings of many images")
public class EmbeddingJobResource {
    private static final int MAX_FAILURES_SHOWN = 20;

    private final Transactions transactions;
    private final JobStore jobs;
    private final Extractors extractors;
    private final ExtractorPool pool;
    private final Manifests manifests;

    EmbeddingJobResource(
            Transactions transactions, JobStore jobs, Extractors extractors, ExtractorPool pool, Manifests manifests) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.extractors = extractors;
        this.pool = pool;
        this.manifests = manifests;
    }

    /// Accepts a job. The same `Idempotency-Key` with the same request means the same job.
    @POST
    @RunOnVirtualThread
    @Consumes(MediaType.APPLICATION_JSON)
    @APIResponse(
            responseCode = "202",
            description = "The job was accepted",
            content = @Content(schema = @Schema(implementation = EmbeddingJobView.class)))
    @APIResponse(responseCode = "409", description = "The weights are not here")
    @APIResponse(
            responseCode = "422",
            description = "The key belongs to another request, or a setting is not supported")
    @Operation(operationId = "createEmbeddingJob", summary = "Ask for the embeddings of many pictures")
    public Response post(
            @NotNull @Valid EmbeddingJobRequest request,
            @Parameter(description = "Names the request: sent again under the same key, it gives the job that it began")
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Nullable
                    String idempotencyKey) {
        check(request);
        pool.requireMemory(extractors.resolve(request.extractor()));
        NewJob job = new NewJob(
                jobId(idempotencyKey),
                request.extractor(),
                request.manifestKey(),
                List.copyOf(new LinkedHashSet<>(request.imageIds())));
        return Response.accepted(accepted(job))
                .location(URI.create("/v1/embedding-jobs/" + job.id()))
                .build();
    }

    /// Shows a job.
    @GET
    @Path("{id}")
    @Operation(operationId = "getEmbeddingJob", summary = "Show the progress of a job")
    public Uni<EmbeddingJobView> get(@Parameter(description = "The job's id") @PathParam("id") String id) {
        return transactions.run(session -> find(session, id).chain(job -> view(session, job)));
    }

    /// Cancels a job. Its images leave the queue unless somebody else wants them; what is computed stays.
    @DELETE
    @Path("{id}")
    @Operation(
            operationId = "cancelEmbeddingJob",
            summary = "Cancel a job; its images leave the queue, what is computed stays")
    public Uni<EmbeddingJobView> cancel(@Parameter(description = "The job's id") @PathParam("id") String id) {
        return transactions.run(session -> find(session, id)
                .chain(job -> jobs.cancel(session, id, "The job was cancelled.")
                        .call(() -> session.refresh(job))
                        .invoke(cancelled -> requireCancelled(job))
                        .chain(() -> view(session, job))));
    }

    private static void requireCancelled(EmbeddingJob job) {
        if (job.state != JobState.CANCELLED) {
            throw new ProblemException(ProblemType.CONFLICT, "The job is %s already.".formatted(job.state), "id");
        }
    }

    /// Keeps a job and shows it; one that is known already must be the same.
    private EmbeddingJobView accepted(NewJob job) {
        try {
            return transactions.call(session -> jobs.accept(session, job)
                    .chain(added -> find(session, job.id()).invoke(kept -> requireSame(job, kept, added)))
                    .chain(kept -> view(session, kept)));
        } catch (TooManyJobsException full) {
            throw new ProblemException(
                    ProblemType.TOO_BUSY,
                    "%,d embedding jobs are open, which is as many as may be. Try again when some have ended."
                            .formatted(full.maxOpen()));
        }
    }

    private static void requireSame(NewJob job, EmbeddingJob kept, boolean added) {
        if (!added && !kept.answers(job)) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "This Idempotency-Key belongs to a job that asks for something else.",
                    IdempotencyKey.HEADER);
        }
    }

    private void check(EmbeddingJobRequest request) {
        if ((request.manifestKey() == null) == request.imageIds().isEmpty()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "Give either manifestKey or imageIds.", "/manifestKey");
        }
        if (request.manifestKey() != null && !manifests.exists(request.manifestKey())) {
            throw new ProblemException(
                    ProblemType.MANIFEST_NOT_FOUND,
                    "There is no manifest %s.".formatted(request.manifestKey()),
                    "/manifestKey");
        }
    }

    private static String jobId(@Nullable String idempotencyKey) {
        if (idempotencyKey == null) {
            return UUID.randomUUID().toString();
        }
        String name = "/graft/feature-service/embedding-jobs/" + idempotencyKey;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private Uni<EmbeddingJob> find(Mutiny.Session session, String id) {
        return jobs.find(session, id)
                .map(found -> found.orElseThrow(() -> new ProblemException(
                        ProblemType.EMBEDDING_JOB_NOT_FOUND, "There is no embedding job %s.".formatted(id))));
    }

    private Uni<EmbeddingJobView> view(Mutiny.Session session, EmbeddingJob job) {
        Uni<Optional<KnownExtractor>> extractor = job.extractorId == null
                ? Uni.createFrom().item(Optional.empty())
                : extractors.get(session, job.extractorId).map(Optional::of);
        return extractor.chain(known -> jobs.failures(session, job, MAX_FAILURES_SHOWN)
                .map(failures -> EmbeddingJobView.of(job, known.orElse(null), failures)));
    }
}
