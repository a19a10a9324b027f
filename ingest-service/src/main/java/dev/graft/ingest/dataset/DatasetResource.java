package dev.graft.ingest.dataset;

import dev.graft.contracts.Names;
import dev.graft.ingest.http.Answer;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.IdempotencyKeys.RequestName;
import dev.graft.ingest.http.PageRequest;
import dev.graft.ingest.http.PageView;
import dev.graft.messaging.Transactions;
import dev.graft.problem.request.IdempotencyKey;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Serves datasets.
@Path("/v1/datasets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "datasets", description = "Named sets of labelled images")
public class DatasetResource {
    private final Datasets datasets;
    private final Transactions transactions;
    private final IdempotencyKeys idempotency;

    DatasetResource(Datasets datasets, Transactions transactions, IdempotencyKeys idempotency) {
        this.datasets = datasets;
        this.transactions = transactions;
        this.idempotency = idempotency;
    }

    /// Makes a dataset, or gives the one of that name.
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createDataset", summary = "Make a dataset; one that exists is given as it is")
    @APIResponse(
            responseCode = "201",
            description = "The dataset was made",
            content = @Content(schema = @Schema(implementation = DatasetView.class)))
    @APIResponse(
            responseCode = "200",
            description = "The dataset exists",
            content = @Content(schema = @Schema(implementation = DatasetView.class)))
    public Uni<Response> create(
            @NotNull @Valid DatasetRequest request,
            @Parameter(description = IdempotencyKeys.DESCRIPTION)
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Size(max = IdempotencyKey.MAX_LENGTH, message = IdempotencyKey.TOO_LONG)
                    @Nullable
                    String key) {
        RequestName name = new RequestName("create-dataset", key, request.name());
        return transactions
                .<Answer>run(session -> idempotency.once(
                        session,
                        name,
                        () -> datasets.create(session, request.name())
                                .chain(created -> datasets.view(session, request.name())
                                        .map(view -> idempotency.answer(created ? 201 : 200, view)))))
                .map(Answer::response);
    }

    /// Lists datasets by name.
    @GET
    @Operation(operationId = "listDatasets", summary = "List datasets by name")
    public Uni<PageView<DatasetView>> list(
            @Parameter(description = PageRequest.LIMIT)
                    @QueryParam("limit")
                    @DefaultValue(PageRequest.DEFAULT_LIMIT)
                    @Min(1)
                    @Max(PageRequest.MAX_LIMIT)
                    int limit,
            @Parameter(description = PageRequest.AFTER)
                    @QueryParam("after")
                    @DefaultValue("")
                    @Pattern(regexp = Names.PATTERN_OR_EMPTY, message = Names.RULE)
                    String after) {
        return transactions.run(session -> datasets.list(session, new PageRequest<>(limit, after)));
    }

    /// Describes one dataset.
    @GET
    @Path("{name}")
    @Operation(operationId = "getDataset", summary = "Describe a dataset")
    public Uni<DatasetView> get(@Parameter(description = "The dataset's name") @PathParam("name") String name) {
        return transactions.run(session -> datasets.view(session, name));
    }

    /// Deletes a dataset; its frozen versions stay.
    @DELETE
    @Path("{name}")
    @Operation(operationId = "deleteDataset", summary = "Delete a dataset; its frozen versions and their pictures stay")
    @APIResponse(responseCode = "204", description = "The dataset is gone")
    public Uni<Void> delete(@Parameter(description = "The dataset's name") @PathParam("name") String name) {
        return transactions.run(session -> datasets.delete(session, name));
    }
}
