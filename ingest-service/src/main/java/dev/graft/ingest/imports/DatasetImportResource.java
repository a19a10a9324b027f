package dev.graft.ingest.imports;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.http.Answer;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.IdempotencyKeys.RequestName;
import dev.graft.ingest.imports.ImportArchives.Received;
import dev.graft.messaging.Transactions;
import dev.graft.problem.request.IdempotencyKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Takes archives to import.
@Path("/v1/datasets/{name}/imports")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "imports", description = "Archives of images")
public class DatasetImportResource {
    private final ImportJobs jobs;
    private final ImportViews views;
    private final ImportArchives archives;
    private final Datasets datasets;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;

    DatasetImportResource(
            ImportJobs jobs,
            ImportViews views,
            ImportArchives archives,
            Datasets datasets,
            IdempotencyKeys idempotency,
            Transactions transactions) {
        this.jobs = jobs;
        this.views = views;
        this.archives = archives;
        this.datasets = datasets;
        this.idempotency = idempotency;
        this.transactions = transactions;
    }

    /// Takes an archive; its images are added afterwards.
    @POST
    @Consumes({
        "application/zip",
        "application/x-tar",
        "application/gzip",
        "application/x-gzip",
        MediaType.APPLICATION_OCTET_STREAM
    })
    @Operation(
            operationId = "importArchive",
            summary = "Import a zip, tar or tar.gz of LABEL/file or train|val|test/LABEL/file")
    @APIResponse(
            responseCode = "202",
            description = "The archive arrived and will be imported",
            content = @Content(schema = @Schema(implementation = ImportView.class)))
    @APIResponse(responseCode = "422", description = "The body is no archive")
    public Response start(
            @Parameter(description = "The dataset's name") @PathParam("name") String name,
            @Parameter(description = IdempotencyKeys.DESCRIPTION)
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @Nullable
                    String key,
            @RequestBody(required = true, description = "A zip, tar or tar.gz") InputStream body)
            throws IOException {
        transactions.call(session -> datasets.get(session, name));
        Received archive = archives.receive(body);
        try {
            RequestName request = new RequestName("import", key, name + "\n" + archive.digest());
            UUID importId = importId(request);
            Answer answer = transactions.call(
                    session -> idempotency.once(session, request, () -> create(session, name, importId)));
            arrive(importId, archive);
            return answer.response();
        } finally {
            archives.discard(archive.file());
        }
    }

    /// A named request has the same import however often it comes.
    private static UUID importId(RequestName request) {
        return request.key() == null
                ? UUID.randomUUID()
                : UUID.nameUUIDFromBytes(request.toString().getBytes(UTF_8));
    }

    private Uni<Answer> create(Mutiny.Session session, String name, UUID importId) {
        return datasets.hold(session, name)
                .chain(dataset -> jobs.create(session, importId, dataset))
                .chain(() -> views.get(session, importId))
                .map(view -> idempotency.answer(202, view));
    }

    /// Also mends a request that was cut off between its row and its archive, when it comes again.
    private void arrive(UUID importId, Received archive) {
        if (transactions.<Boolean>call(session -> jobs.isUploading(session, importId))) {
            archives.store(importId, archive.file());
            transactions.call(session -> jobs.enqueue(session, importId));
        }
    }
}
