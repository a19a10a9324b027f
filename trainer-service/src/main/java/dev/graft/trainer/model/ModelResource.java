package dev.graft.trainer.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/// Models, their versions and files, and promotion.
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ModelResource {
    private final ModelVersions versions;
    private final ObjectStore store;

    ModelResource(ModelVersions versions, ObjectStore store) {
        this.versions = versions;
        this.store = store;
    }

    /// A version with its `model.json`.
    public record DetailedVersionView(
            @JsonUnwrapped ModelVersionView version,
            @JsonRawValue String card) {}

    /// Lists the models.
    @GET
    public List<ModelView> models() {
        return versions.models(null);
    }

    /// Finds a model.
    @GET
    @Path("{name}")
    public ModelView model(@PathParam("name") String name) {
        return versions.models(name).stream()
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.MODEL_NOT_FOUND, "There is no model %s. Train one.".formatted(name), "name"));
    }

    /// Lists the versions of a model, the newest first.
    @GET
    @Path("{name}/versions")
    public List<ModelVersionView> versions(@PathParam("name") String name) {
        return versions.versions(name).stream()
                .map(ModelVersions.Registered::view)
                .toList();
    }

    /// Finds a version of a model.
    @GET
    @Path("{name}/versions/{version}")
    public DetailedVersionView version(@PathParam("name") String name, @PathParam("version") int version) {
        ModelVersions.Registered registered = versions.version(name, version);
        return new DetailedVersionView(registered.view(), registered.card());
    }

    /// Gives a file of a version's bundle.
    @GET
    @Path("{name}/versions/{version}/files/{file}")
    @Produces(MediaType.WILDCARD)
    public Response file(
            @PathParam("name") String name, @PathParam("version") int version, @PathParam("file") String file) {
        ModelVersions.Registered registered = versions.version(name, version);
        if (!file.equals(ModelCard.FILE) && !BundleFiles.NAMES.contains(file)) {
            throw missing(name, version, file);
        }
        try {
            String key = ObjectKeys.bundlePrefix(name, registered.view().version()) + file;
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
    public ModelView promote(@PathParam("name") String name, ProductionRequest request) {
        versions.promote(name, request.version());
        return model(name);
    }

    private static ProblemException missing(String name, int version, String file) {
        return new ProblemException(
                ProblemType.MODEL_FILE_NOT_FOUND,
                "Version %d of %s has no file %s. It has: %s, %s."
                        .formatted(version, name, file, ModelCard.FILE, String.join(", ", BundleFiles.NAMES)),
                "file");
    }
}
