package dev.graft.problem;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/// A resource that goes wrong in every way.
@Path("/spoons")
@Produces(MediaType.APPLICATION_JSON)
public class SpoonsResource {

    public record Handle(int lengthMillimetres) {
        public Handle {
            if (lengthMillimetres < 1) {
                throw new IllegalArgumentException("a handle is at least 1 mm long, not " + lengthMillimetres);
            }
        }
    }

    public record SpoonRequest(
            @JsonProperty(required = true) String name, List<Handle> handles) {}

    @GET
    @Path("{name}")
    public SpoonRequest get(@PathParam("name") String name, @QueryParam("count") int count) {
        return switch (name) {
            case "missing" -> throw new ProblemException(ProblemType.IMAGE_NOT_FOUND, "There is no spoon.");
            case "busy" -> throw new ProblemException(ProblemType.TOO_BUSY, "Every spoon is in use.");
            case "broken" -> throw new IllegalStateException("secret");
            default -> new SpoonRequest(name, List.of());
        };
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public SpoonRequest post(SpoonRequest request) {
        return request;
    }
}
