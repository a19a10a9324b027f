package dev.graft.feature.embedding;

import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.ExtractorChoice;
import dev.graft.contracts.ImageIds;
import dev.graft.contracts.Precision;
import dev.graft.feature.extractor.ExtractorPool;
import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.networks.inference.NonFiniteFeaturesException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.HeldBodies;
import dev.graft.vision.DecodeLimits;
import dev.graft.vision.DecoderBusyException;
import dev.graft.vision.UndecodableImageException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Gives embeddings: of stored images, and of an image that comes with the request.
@Path("/v1/embeddings")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "embeddings", description = "Embeddings of single images")
public class EmbeddingResource {
    private final Extractors extractors;
    private final ExtractorPool pool;
    private final EmbeddingIndex index;
    private final SegmentRows rows;
    private final HeldBodies bodies;

    /// Makes the resource over the service's embeddings.
    public EmbeddingResource(
            Extractors extractors, ExtractorPool pool, EmbeddingIndex index, SegmentRows rows, HeldBodies bodies) {
        this.extractors = extractors;
        this.pool = pool;
        this.index = index;
        this.rows = rows;
        this.bodies = bodies;
    }

    /// Gives the embedding of a stored image, when it was computed.
    @GET
    @Path("{imageId}")
    @RunOnVirtualThread
    @Operation(operationId = "getEmbedding", summary = "Give the embedding of a stored picture")
    public EmbeddingView get(
            @Parameter(description = "SHA-256 of the image's file, hex") @PathParam("imageId") String imageId,
            @Parameter(description = "The weight set, its architecture, or `model@version`; by default the default one")
                    @QueryParam("backbone")
                    @Nullable
                    String backbone,
            @Parameter(description = "Where features are taken; by default the backbone's own layer")
                    @QueryParam("layer")
                    @Nullable
                    String layer,
            @Parameter(description = "The side of the input, in pixels; by default the backbone's own")
                    @QueryParam("inputSize")
                    @Min(ExtractorChoice.MIN_INPUT_PIXELS)
                    @Max(ExtractorChoice.MAX_INPUT_PIXELS)
                    @Nullable
                    Integer inputSizePixels,
            @Parameter(
                            description = "The precision of the computation; by default f32",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"f32", "int8"}))
                    @QueryParam("precision")
                    @Nullable
                    String precision) {
        if (!ImageIds.isValid(imageId)) {
            throw new ProblemException(
                    ProblemType.EMBEDDING_NOT_FOUND, "An image id is a SHA-256 of 64 lower-case hex digits.");
        }
        KnownExtractor extractor = extractors.resolve(choice(backbone, layer, inputSizePixels, precision));
        EmbeddingLocation location = index.find(extractor.id(), imageId).orElseThrow(() -> missing(extractor, imageId));
        return view(imageId, extractor, rows.read(location.objectKey(), location.row()));
    }

    /// Computes the embedding of the image that is the request's body. Nothing is stored.
    ///
    /// On a worker thread: decoding and the network take a processor for up to seconds, and on a virtual thread
    /// they would keep from running those that renew leases, fetch and commit.
    @POST
    @Blocking
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
    @Operation(operationId = "embed", summary = "Compute the embedding of a picture that comes with the request")
    public EmbeddingView post(
            @RequestBody(required = true, description = "The file of a picture") InputStream body,
            @Parameter(description = "The weight set, its architecture, or `model@version`; by default the default one")
                    @QueryParam("backbone")
                    @Nullable
                    String backbone,
            @Parameter(description = "Where features are taken; by default the backbone's own layer")
                    @QueryParam("layer")
                    @Nullable
                    String layer,
            @Parameter(description = "The side of the input, in pixels; by default the backbone's own")
                    @QueryParam("inputSize")
                    @Min(ExtractorChoice.MIN_INPUT_PIXELS)
                    @Max(ExtractorChoice.MAX_INPUT_PIXELS)
                    @Nullable
                    Integer inputSizePixels,
            @Parameter(
                            description = "The precision of the computation; by default f32",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"f32", "int8"}))
                    @QueryParam("precision")
                    @Nullable
                    String precision)
            throws IOException {
        ExtractorChoice choice = choice(backbone, layer, inputSizePixels, precision);
        try (HeldBodies.Held file = bodies.read(body, (int) DecodeLimits.STANDARD.maxFileSizeBytes())) {
            KnownExtractor extractor = extractors.resolve(choice);
            try (ExtractorPool.Loan loan = pool.borrow(extractor)) {
                return view(null, extractor, loan.extractor().embed(file.bytes()));
            }
        } catch (UndecodableImageException e) {
            throw new ProblemException(problemType(e.reason()), String.valueOf(e.getMessage()));
        } catch (DecoderBusyException e) {
            throw new ProblemException(ProblemType.TOO_BUSY, e.getMessage() + " Send the picture again.", e);
        } catch (NonFiniteFeaturesException e) {
            throw new ProblemException(
                    ProblemType.EMBEDDING_FAILED, "There is no embedding: %s.".formatted(e.getMessage()), e);
        }
    }

    private ProblemException missing(KnownExtractor extractor, String imageId) {
        return index.failure(extractor.id(), imageId)
                .map(failure -> new ProblemException(ProblemType.EMBEDDING_FAILED, failure.detail()))
                .orElseGet(() -> new ProblemException(
                        ProblemType.EMBEDDING_NOT_FOUND,
                        "The picture has no embedding by %s, layer %s, yet. POST /v1/embedding-jobs asks for one."
                                .formatted(extractor.backbone(), extractor.layer())));
    }

    private static ExtractorChoice choice(
            @Nullable String backbone,
            @Nullable String layer,
            @Nullable Integer inputSizePixels,
            @Nullable String precision) {
        return new ExtractorChoice(
                backbone, layer, inputSizePixels, precision == null ? Precision.F32 : precision(precision));
    }

    private static Precision precision(String written) {
        return Stream.of(Precision.values())
                .filter(value -> value.wireName().equals(written))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_REQUEST,
                        "precision is one of "
                                + Arrays.stream(Precision.values())
                                        .map(Precision::wireName)
                                        .collect(Collectors.joining(", ")),
                        "precision"));
    }

    private static ProblemType problemType(UndecodableImageException.Reason reason) {
        return switch (reason) {
            case EMPTY -> ProblemType.IMAGE_EMPTY;
            case UNSUPPORTED_FORMAT -> ProblemType.IMAGE_FORMAT_UNSUPPORTED;
            case TOO_MANY_BYTES -> ProblemType.IMAGE_TOO_LARGE;
            case TOO_MANY_PIXELS -> ProblemType.IMAGE_TOO_MANY_PIXELS;
            case TOO_MUCH_MEMORY -> ProblemType.IMAGE_TOO_MUCH_MEMORY;
            case TRUNCATED -> ProblemType.IMAGE_TRUNCATED;
            case CORRUPT -> ProblemType.IMAGE_CORRUPT;
            case UNSUPPORTED_VARIANT -> ProblemType.IMAGE_VARIANT_UNSUPPORTED;
        };
    }

    private static EmbeddingView view(@Nullable String imageId, KnownExtractor extractor, float[] vector) {
        return new EmbeddingView(
                imageId,
                extractor.backbone(),
                extractor.layer(),
                extractor.inputSizePixels(),
                extractor.precision().wireName(),
                extractor.digest(),
                vector.length,
                vector);
    }
}
