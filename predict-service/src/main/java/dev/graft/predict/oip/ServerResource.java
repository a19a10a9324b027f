package dev.graft.predict.oip;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/// Describes the server by the Open Inference Protocol. Health is what `/q/health` says.
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Open Inference Protocol", description = "The models in production for clients of any model server")
public class ServerResource {
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final List<String> EXTENSIONS = List.of("binary_tensor_data");

    private final SmallRyeHealthReporter health;
    private final String version;

    ServerResource(
            SmallRyeHealthReporter health, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.health = health;
        this.version = version;
    }

    /// What the server is.
    ///
    /// @param extensions of the protocol
    @Schema(examples = """
            {"name": "graft", "version": "0.1.0", "extensions": ["binary_tensor_data"]}""")
    record ServerView(String name, String version, List<String> extensions) {}

    /// Whether the process works.
    @Schema(examples = """
            {"live": true}""")
    record LiveView(boolean live) {}

    /// Whether the models in production are served.
    @Schema(examples = """
            {"ready": true}""")
    record ReadyView(boolean ready) {}

    /// Names the server.
    @GET
    @NonBlocking
    @Operation(operationId = "getServerMetadata", summary = "Name the server and the protocol's extensions that it has")
    public ServerView server() {
        return new ServerView("graft", version, EXTENSIONS);
    }

    /// Says that the process works.
    @GET
    @Path("health/live")
    @Operation(operationId = "isServerLive", summary = "Say that the process works")
    public RestResponse<LiveView> live() {
        boolean up = !health.getLiveness().isDown();
        return answer(up, new LiveView(up));
    }

    /// Says that the models in production are served.
    @GET
    @Path("health/ready")
    @Operation(operationId = "isServerReady", summary = "Say that the models in production are served")
    public RestResponse<ReadyView> ready() {
        boolean up = !health.getReadiness().isDown();
        return answer(up, new ReadyView(up));
    }

    private static <T> RestResponse<T> answer(boolean up, T view) {
        return up
                ? RestResponse.ok(view)
                : RestResponse.ResponseBuilder.create(RestResponse.Status.SERVICE_UNAVAILABLE, view)
                        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                        .build();
    }
}
