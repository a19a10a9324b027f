package dev.graft.predict.oip;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// Describes the server by the Open Inference Protocol. Health is the same that `/q/health` tells.
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
public class ServerResource {
    private final SmallRyeHealthReporter health;
    private final String version;

    ServerResource(
            SmallRyeHealthReporter health, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.health = health;
        this.version = version;
    }

    /// Names the server.
    @GET
    @NonBlocking
    @Operation(summary = "Names the server")
    public Map<String, Object> server() {
        return Map.of("name", "graft", "version", version, "extensions", List.of());
    }

    /// Says that the process works.
    @GET
    @Path("health/live")
    @Operation(summary = "Says that the process works")
    public Response live() {
        return answer("live", !health.getLiveness().isDown());
    }

    /// Says that the models in production are served.
    @GET
    @Path("health/ready")
    @Operation(summary = "Says that the models in production are served")
    public Response ready() {
        return answer("ready", !health.getReadiness().isDown());
    }

    private static Response answer(String name, boolean up) {
        return Response.status(up ? 200 : 503).entity(Map.of(name, up)).build();
    }
}
