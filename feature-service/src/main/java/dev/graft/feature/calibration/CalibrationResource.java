package dev.graft.feature.calibration;

import dev.graft.feature.extractor.Extractors;
import dev.graft.feature.manifest.Manifests;
import dev.graft.networks.Backbone;
import dev.graft.networks.inference.InferenceException;
import dev.graft.networks.network.Network;
import dev.graft.networks.onnx.BackboneExport;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.objectstore.ObjectStoreException;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.weightstore.AbsentWeightsException;
import dev.graft.weightstore.WeightStore;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/// Gives the int8 ranges of a weight set, and makes them.
@Path("/v1/backbones/{name}/ranges")
@Tag(name = "int8 ranges", description = "The ranges that int8 computes with")
public class CalibrationResource {
    private static final Logger LOG = Logger.getLogger(CalibrationResource.class);
    private static final int DEFAULT_IMAGES = 256;
    private static final String ABANDONED = "they were abandoned";
    private static final String JSON_LINES = "application/x-ndjson";

    private final Extractors extractors;
    private final Calibrations calibrations;
    private final ManifestImages manifestImages;
    private final WeightStore weights;
    private final Guard turn = Guard.create()
            .withDescription("ranges")
            .withBulkhead()
            .limit(1)
            .done()
            .build();

    /// Makes the resource over weights and stored images.
    CalibrationResource(Extractors extractors, Calibrations calibrations, Manifests manifests, WeightStore weights) {
        this.extractors = extractors;
        this.calibrations = calibrations;
        this.manifestImages = new ManifestImages(manifests);
        this.weights = weights;
    }

    /// Gives the ranges that int8 uses now.
    @GET
    @RunOnVirtualThread
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(operationId = "getRanges", summary = "Give the int8 ranges of a backbone")
    public String get(
            @Parameter(description = "The weight set, `architecture.tag`, an architecture, or `model@version`")
                    @PathParam("name")
                    String name) {
        Backbone backbone = present(name);
        return weights.ranges(backbone)
                .map(ActivationRanges::toText)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "%s has no int8 ranges.".formatted(backbone.name())));
    }

    /// Makes ranges from the images of a dataset version, in place of those there are. The answer is a line of
    /// JSON for each step; a client that stops reading stops it.
    ///
    /// Blocking, which a method that returns a Multi is not by itself: the manifest is read before the answer
    /// begins.
    @POST
    @Blocking
    @RunOnVirtualThread
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(JSON_LINES)
    @Operation(
            operationId = "makeRanges",
            summary = "Make the int8 ranges of a backbone from a dataset's images, and report the progress")
    @APIResponse(
            responseCode = "200",
            description = "A JSON object a line",
            content = @Content(mediaType = JSON_LINES, schema = @Schema(implementation = CalibrationView.class)))
    @APIResponse(responseCode = "409", description = "The weights are not here")
    @APIResponse(responseCode = "422", description = "The backbone has no int8 form")
    public Multi<CalibrationView> post(
            @Parameter(description = "The weight set, `architecture.tag`, an architecture, or `model@version`")
                    @PathParam("name")
                    String name,
            @NotNull @Valid CalibrationRequest request) {
        String manifestKey = request.manifestKey();
        int images = Objects.requireNonNullElse(request.images(), DEFAULT_IMAGES);
        Backbone backbone = present(name);
        requireEightBits(backbone);
        int unused = calibrations.parallelism(backbone);
        List<String> chosen = manifestImages.choose(manifestKey, images);
        return Multi.createFrom().emitter(emitter -> begin(backbone, chosen, manifestKey, emitter));
    }

    /// Begins when the answer does: a request that was dropped before has taken no place that nobody would free. The
    /// place is free again before the answer ends, and the answer ends whatever happens.
    private void begin(
            Backbone backbone, List<String> chosen, String source, MultiEmitter<? super CalibrationView> emitter) {
        Thread.ofVirtual().name("calibration").start(() -> {
            try {
                emitter.emit(turn.get(() -> make(backbone, chosen, source, emitter), CalibrationView.class));
                emitter.complete();
            } catch (BulkheadException _) {
                emitter.fail(new ProblemException(
                        ProblemType.TOO_BUSY, "Other ranges are being made here. Try again later."));
            } catch (Throwable e) {
                emitter.fail(e);
            }
        });
    }

    private CalibrationView make(
            Backbone backbone, List<String> chosen, String source, MultiEmitter<? super CalibrationView> emitter) {
        int total = chosen.size();
        int[] skipped = new int[1];
        try {
            ActivationRanges ranges = calibrations.make(backbone, chosen, source, (done, unusable) -> {
                skipped[0] = unusable;
                emitter.emit(new CalibrationView(backbone.name(), total, done, unusable, null, null));
                return !emitter.isCancelled();
            });
            return new CalibrationView(backbone.name(), total, total, skipped[0], ranges.digest(), null);
        } catch (InterruptedException e) {
            LOG.infof("Ranges abandoned backbone=%s", backbone.name());
            return new CalibrationView(backbone.name(), total, total, skipped[0], null, ABANDONED);
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "Ranges failed backbone=%s", backbone.name());
            return new CalibrationView(backbone.name(), total, total, skipped[0], null, reason(e));
        }
    }

    /// Says to clients why there are no ranges.
    static String reason(Exception fault) {
        String message = fault.getMessage();
        return switch (fault) {
            case IllegalArgumentException _ when message != null -> message;
            case InferenceException _ -> "the network could not be computed; the log of the feature service says why";
            case IOException _ -> "the weights could not be read";
            case ObjectStoreException _, AbsentWeightsException _ -> "pictures or weights could not be read";
            default -> "something went wrong inside; the log of the feature service says more";
        };
    }

    private static void requireEightBits(Backbone backbone) {
        Network network = backbone.network().upTo(backbone.defaultLayer());
        try {
            List<String> unused = BackboneExport.eightBitValues(network);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.SETTING_UNSUPPORTED, e.getMessage() + ".", "name");
        }
    }

    private Backbone present(String name) {
        Backbone backbone = extractors.backbone(name);
        try {
            String unused = weights.sha256(backbone);
            return backbone;
        } catch (AbsentWeightsException e) {
            throw new ProblemException(ProblemType.WEIGHTS_ABSENT, e.detail(), "name");
        }
    }
}
