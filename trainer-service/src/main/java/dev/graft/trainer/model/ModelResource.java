package dev.graft.trainer.model;

import dev.graft.contracts.ModelCard;
import dev.graft.contracts.Names;
import dev.graft.contracts.ObjectKeys;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Models, their versions and files, and promotion.
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "models", description = "Models, their versions and files")
public class ModelResource {
    private static final int MAX_LISTED = 1_000;
    private static final String LIMIT = "How many at most";

    private final Transactions transactions;
    private final ModelVersions versions;
    private final ObjectStore store;

    ModelResource(Transactions transactions, ModelVersions versions, ObjectStore store) {
        this.transactions = transactions;
        this.versions = versions;
        this.store = store;
    }

    /// Lists the models by their names.
    @GET
    @Operation(operationId = "listModels", summary = "List the models by their names")
    public Uni<List<ModelView>> models(
            @Parameter(description = LIMIT) @QueryParam("limit") @DefaultValue(MAX_LISTED + "") @Min(1) @Max(MAX_LISTED)
                    int limit,
            @Parameter(description = "The name of the last model of the page before; absent for the first page")
                    @QueryParam("after")
                    @DefaultValue("")
                    @Pattern(regexp = Names.PATTERN_OR_EMPTY, message = Names.RULE)
                    String after) {
        return transactions.run(session -> versions.models(session, after, limit));
    }

    /// Finds a model.
    @GET
    @Path("{name}")
    @Operation(operationId = "getModel", summary = "Describe a model")
    public Uni<ModelView> model(@Parameter(description = "The model's name") @PathParam("name") String name) {
        return transactions.run(session -> versions.model(session, name));
    }

    /// Lists the versions of a model, the newest first.
    @GET
    @Path("{name}/versions")
    @Operation(operationId = "listModelVersions", summary = "List the versions of a model, the newest first")
    public Uni<List<ModelVersionView>> versions(
            @Parameter(description = "The model's name") @PathParam("name") String name,
            @Parameter(description = LIMIT) @QueryParam("limit") @DefaultValue(MAX_LISTED + "") @Min(1) @Max(MAX_LISTED)
                    int limit,
            @Parameter(description = "The number of the last version of the page before; absent for the first page")
                    @QueryParam("after")
                    @Min(1)
                    @Max(Integer.MAX_VALUE)
                    @Nullable
                    Integer after) {
        int before = after == null ? Integer.MAX_VALUE : after;
        return transactions.run(session -> versions.versions(session, name, before, limit));
    }

    /// Finds a version of a model.
    @GET
    @Path("{name}/versions/{version}")
    @Operation(operationId = "getModelVersion", summary = "Describe a version of a model, with its model.json")
    public Uni<DetailedVersionView> version(
            @Parameter(description = "The model's name") @PathParam("name") String name,
            @Parameter(description = "The version's number") @PathParam("version") int version) {
        return transactions.run(session -> versions.detailed(session, name, version));
    }

    /// Gives a file of a version's bundle.
    @RunOnVirtualThread
    @GET
    @Path("{name}/versions/{version}/files/{file}")
    @Produces(MediaType.WILDCARD)
    @Operation(operationId = "getModelFile", summary = "Get a file of a version's bundle")
    @APIResponse(
            responseCode = "200",
            description = "The file; its media type is that of its kind",
            content =
                    @Content(
                            mediaType = MediaType.WILDCARD,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response file(
            @Parameter(description = "The model's name") @PathParam("name") String name,
            @Parameter(description = "The version's number") @PathParam("version") int version,
            @Parameter(description = "The file's name", examples = @ExampleObject(name = "card", value = "model.json"))
                    @PathParam("file")
                    String file) {
        ModelVersion unused = transactions.call(session -> versions.version(session, name, version));
        if (!file.equals(ModelCard.FILE) && !BundleFiles.NAMES.contains(file)) {
            throw missing(name, version, file);
        }
        try {
            String key = ObjectKeys.bundlePrefix(name, version) + file;
            return Response.ok(store.open(key), BundleFiles.mediaType(file))
                    .header("Content-Disposition", "inline; filename=\"" + file + "\"")
                    .build();
        } catch (ObjectNotFoundException e) {
            throw missing(name, version, file);
        }
    }

    /// Puts a version into production: forward, or back to an older one.
    @PUT
    @Path("{name}/production")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "promote",
            summary = "Put a version of a model into production: forward, or back to an older one")
    public Uni<ModelView> promote(
            @Parameter(description = "The model's name") @PathParam("name") String name,
            @NotNull @Valid ProductionRequest request) {
        return transactions.run(session ->
                versions.promote(session, name, request.version()).chain(() -> versions.model(session, name)));
    }

    private static ProblemException missing(String name, int version, String file) {
        return new ProblemException(
                ProblemType.MODEL_FILE_NOT_FOUND,
                "Version %d of %s has no file %s. It has: %s, %s."
                        .formatted(version, name, file, ModelCard.FILE, String.join(", ", BundleFiles.NAMES)),
                "file");
    }
}
