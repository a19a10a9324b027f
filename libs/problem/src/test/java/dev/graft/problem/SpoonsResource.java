package dev.graft.problem;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;

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
            @JsonProperty(required = true) @NotNull @Size(max = 100)
            String name,

            @Size(max = 3) List<@NotNull Handle> handles) {}

    /// Where requests for the spoon `waiting` wait: each takes a permit.
    public static final Semaphore SPOONS = new Semaphore(0);

    @GET
    @Path("{name}")
    public SpoonRequest get(@PathParam("name") String name, @QueryParam("count") int count) {
        return switch (name) {
            case "missing" -> throw new ProblemException(ProblemType.IMAGE_NOT_FOUND, "There is no spoon.");
            case "busy" -> throw new ProblemException(ProblemType.TOO_BUSY, "Every spoon is in use.");
            case "waiting" -> {
                SPOONS.acquireUninterruptibly();
                yield new SpoonRequest(name, List.of());
            }
            case "broken" -> throw new IllegalStateException("secret");
            default -> new SpoonRequest(name, List.of());
        };
    }

    @GET
    public List<SpoonRequest> list(@QueryParam("limit") @DefaultValue("1000") @Min(1) int limit) {
        return Collections.nCopies(limit, new SpoonRequest("a rather long name of a spoon", List.of()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public SpoonRequest post(@NotNull @Valid SpoonRequest request) {
        return request;
    }

    @POST
    @Path("form")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public int form(@RestForm(FileUpload.ALL) List<FileUpload> files) {
        if (files.isEmpty()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The form has no files.");
        }
        return files.size();
    }

    @PUT
    @Path("{name}/image")
    @Consumes("image/*")
    public int image(@PathParam("name") String name, InputStream body) throws IOException {
        if (name.equals("unread")) {
            throw new ProblemException(ProblemType.TOO_BUSY, "Every spoon is in use.");
        }
        int sizeBytes = body.readAllBytes().length;
        if (name.equals("waiting")) {
            SPOONS.acquireUninterruptibly();
        }
        return sizeBytes;
    }
}
