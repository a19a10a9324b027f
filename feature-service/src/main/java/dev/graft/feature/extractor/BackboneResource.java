package dev.graft.feature.extractor;

import dev.graft.backbones.Catalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// Shows what pictures can be embedded with.
@Path("/v1/backbones")
@Produces(MediaType.APPLICATION_JSON)
public class BackboneResource {
    private final Extractors extractors;

    /// Makes the resource over the catalogue.
    public BackboneResource(Extractors extractors) {
        this.extractors = extractors;
    }

    /// Lists the weight sets; the default one is first.
    @GET
    @Operation(summary = "Lists the backbones")
    public List<BackboneView> list() {
        Catalogue catalogue = extractors.catalogue();
        return catalogue.backbones().stream()
                .map(backbone -> BackboneView.of(backbone, backbone.equals(catalogue.defaultBackbone())))
                .toList();
    }

    /// Describes a weight set, named in full or by its architecture.
    @GET
    @Path("{name}")
    @Operation(summary = "Describes a backbone")
    public BackboneView get(@PathParam("name") String name) {
        var backbone = extractors.backbone(name);
        return BackboneView.of(backbone, backbone.equals(extractors.catalogue().defaultBackbone()));
    }

    /// Lists the steps of a network, each of which can be a transfer layer.
    @GET
    @Path("{name}/layers")
    @Operation(summary = "Lists the layers of a backbone")
    public List<LayerView> layers(@PathParam("name") String name) {
        return extractors.backbone(name).network().layers().stream()
                .map(LayerView::of)
                .toList();
    }
}
