package dev.graft.feature.extractor;

import dev.graft.networks.Backbone;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.weightstore.RefusedWeightsException;
import dev.graft.weightstore.RefusedWeightsException.Reason;
import dev.graft.weightstore.WeightStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Shows what images can be embedded with, and takes weights.
@Path("/v1/backbones")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "backbones", description = "Networks and their weights")
public class BackboneResource {
    private static final Logger LOG = Logger.getLogger(BackboneResource.class);

    private final Extractors extractors;
    private final WeightStore weights;
    private final long maxFileBytes;

    /// Makes the resource over the catalogue.
    public BackboneResource(Extractors extractors, WeightStore weights, WeightIntakeConfig config) {
        this.extractors = extractors;
        this.weights = weights;
        this.maxFileBytes = config.maxFileSize().asLongValue();
    }

    /// Lists the weight sets; the default one is first.
    @GET
    @Operation(operationId = "listBackbones", summary = "List the backbones")
    public List<BackboneView> list() {
        return weights.catalogue().backbones().stream().map(this::view).toList();
    }

    /// Describes a weight set, named in full or by its architecture, or what a version of a model was
    /// fine-tuned to.
    @GET
    @Path("{name}")
    @Operation(operationId = "getBackbone", summary = "Describe a backbone")
    public BackboneView get(
            @Parameter(description = "The weight set, `architecture.tag`, an architecture, or `model@version`")
                    @PathParam("name")
                    String name) {
        return view(extractors.backbone(name));
    }

    /// Lists the steps of a network, each of which can be a transfer layer.
    @GET
    @Path("{name}/layers")
    @Operation(operationId = "listLayers", summary = "List the layers of a backbone")
    public List<LayerView> layers(
            @Parameter(description = "The weight set, `architecture.tag`, an architecture, or `model@version`")
                    @PathParam("name")
                    String name) {
        return extractors.backbone(name).network().layers().stream()
                .map(LayerView::of)
                .toList();
    }

    /// Takes a file of weights. The same file for the same name again changes nothing.
    ///
    /// @param name of a published weight set, or one of the sender's own, `architecture.tag`
    /// @param like the weight set whose preprocessing is to be used; by default the one of this name, or else
    ///     the architecture's first
    /// @param expect `100-continue` of a client that sends the file only when it is asked to go on, which it is not
    ///     when the name or the recipe is refused
    @PUT
    @Path("{name}/weights")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "putWeights",
            summary = "Take a safetensors file with timm's tensor names as the weights of a backbone")
    @APIResponse(responseCode = "200", description = "The weights are registered")
    @APIResponse(responseCode = "409", description = "The name belongs to other weights")
    @APIResponse(responseCode = "413", description = "The file is larger than is allowed")
    @APIResponse(responseCode = "422", description = "The file does not hold weights of this architecture")
    public BackboneView put(
            @Parameter(description = "The weight set, `architecture.tag`") @PathParam("name") String name,
            @Parameter(
                            description =
                                    "The weight set whose preprocessing is to be used; by default the one of this name, or the architecture's first")
                    @QueryParam("like")
                    @Nullable
                    String like,
            @Parameter(hidden = true) @HeaderParam("Expect") @Nullable String expect,
            @RequestBody(required = true, description = "A safetensors file with timm's tensor names") InputStream file)
            throws IOException {
        try {
            Backbone registered = weights.register(name, like, file, maxFileBytes);
            LOG.infof(
                    "Weights registered backbone=%s sha256=%s",
                    name, registered.sha256().orElse(""));
            return view(registered);
        } catch (RefusedWeightsException e) {
            boolean waits = "100-continue".equalsIgnoreCase(expect) && e.reason() != Reason.TOO_LARGE;
            if (!waits) {
                // A client that still writes would not see the answer.
                discard(file);
            }
            throw WeightProblems.refused(e);
        } catch (MalformedWeightsException e) {
            throw WeightProblems.invalid(e);
        }
    }

    private void discard(InputStream file) throws IOException {
        long skipped = file.skip(maxFileBytes);
        LOG.debugf("Rest of a refused file skipped sizeBytes=%d", skipped);
    }

    private BackboneView view(Backbone backbone) {
        return BackboneView.of(
                backbone,
                weights.availability(backbone),
                backbone.name().equals(weights.defaultBackbone().name()));
    }
}
