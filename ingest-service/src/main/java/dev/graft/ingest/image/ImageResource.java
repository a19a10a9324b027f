package dev.graft.ingest.image;

import dev.graft.contracts.ObjectKeys;
import dev.graft.ingest.dataset.Image;
import dev.graft.ingest.intake.HeldFiles;
import dev.graft.ingest.intake.ImageChecker;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;

/// Serves images. What an id names never changes, so clients may keep it for ever.
@Path("/v1/images/{id}")
@Tag(name = "images", description = "Stored images")
public class ImageResource {
    private static final int MIN_SIDE_PIXELS = 16;
    private static final int MAX_SIDE_PIXELS = 1_024;
    private static final int YEAR_SECONDS = 31_536_000;

    private final Transactions transactions;
    private final ObjectStore objects;
    private final ImageChecker checker;
    private final HeldFiles held;

    ImageResource(Transactions transactions, ObjectStore objects, ImageChecker checker, HeldFiles held) {
        this.transactions = transactions;
        this.objects = objects;
        this.checker = checker;
        this.held = held;
    }

    /// Describes an image.
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "getImage", summary = "Describe a picture")
    public Uni<ImageView> get(
            @Parameter(description = "SHA-256 of the image's file, hex") @PathParam("id") String imageId) {
        return transactions.run(session -> find(session, imageId)).map(ImageView::of);
    }

    private static Uni<Image> find(Mutiny.Session session, String imageId) {
        return session.find(Image.class, imageId)
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(
                        ProblemType.IMAGE_NOT_FOUND, "There is no picture %s.".formatted(imageId)));
    }

    /// Gives the original bytes.
    @GET
    @Path("content")
    @RunOnVirtualThread
    @Produces("image/*")
    @APIResponse(
            responseCode = "200",
            description = "The file as it was sent",
            content = @Content(mediaType = "image/*", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "304", description = "The client has it")
    @Operation(operationId = "getImageContent", summary = "Get a picture's original bytes")
    public Response content(
            @Parameter(description = "SHA-256 of the image's file, hex") @PathParam("id") String imageId,
            @Context Request request) {
        Image image = transactions.call(session -> find(session, imageId));
        EntityTag tag = new EntityTag(image.id());
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return lasting(unchanged, tag);
        }
        return lasting(
                Response.ok(objects.open(ObjectKeys.image(image.id())), image.mediaType())
                        .header(HttpHeaders.CONTENT_LENGTH, image.sizeBytes()),
                tag);
    }

    /// Gives a small JPEG of the image. An image that was stored by another version of the decoder may be
    /// refused by this one, with its reason.
    @GET
    @Path("thumbnail")
    @RunOnVirtualThread
    @Produces("image/jpeg")
    @APIResponse(
            responseCode = "200",
            description = "A JPEG",
            content = @Content(mediaType = "image/jpeg", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "304", description = "The client has it")
    @Operation(operationId = "getThumbnail", summary = "Get a small JPEG of a picture")
    public Response thumbnail(
            @Parameter(description = "SHA-256 of the image's file, hex") @PathParam("id") String imageId,
            @Parameter(description = "The longer side, in pixels")
                    @QueryParam("size")
                    @DefaultValue("192")
                    @Min(MIN_SIDE_PIXELS)
                    @Max(MAX_SIDE_PIXELS)
                    int maxSidePixels,
            @Context Request request)
            throws InterruptedException {
        Image image = transactions.call(session -> find(session, imageId));
        EntityTag tag = new EntityTag(image.id() + "-" + maxSidePixels);
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return lasting(unchanged, tag);
        }
        try (HeldFiles.Room _ = held.room(image.sizeBytes())) {
            byte[] file = objects.read(ObjectKeys.image(image.id()), Math.toIntExact(image.sizeBytes()));
            return lasting(Response.ok(checker.thumbnail(file, maxSidePixels), "image/jpeg"), tag);
        }
    }

    private static Response lasting(Response.ResponseBuilder response, EntityTag tag) {
        CacheControl cache = new CacheControl();
        cache.setMaxAge(YEAR_SECONDS);
        cache.getCacheExtension().put("immutable", "");
        return response.tag(tag)
                .cacheControl(cache)
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }
}
