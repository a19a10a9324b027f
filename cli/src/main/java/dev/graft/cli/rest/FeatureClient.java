package dev.graft.cli.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.stack.ActionableException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Asks the feature service.
public final class FeatureClient {
    private static final TypeReference<EmbeddingJobView> JOB = new TypeReference<>() {};
    private static final Duration POLL = Duration.ofMillis(200);

    private final RestClient rest;

    /// Makes a client.
    public FeatureClient(RestClient rest) {
        this.rest = rest;
    }

    /// Lists the backbones: the catalogue's records.
    public JsonNode backbones() {
        return rest.get("/v1/backbones", new TypeReference<>() {});
    }

    /// Describes a backbone, named in full or by its architecture.
    public JsonNode backbone(String name) {
        return rest.get("/v1/backbones/" + Paths.segment(name), new TypeReference<>() {});
    }

    /// Sends a file as the weights of a backbone; the answer is its record.
    ///
    /// @param like     the weight set whose preprocessing is to be used; absent: as the service chooses
    /// @param progress receives how many bytes have been sent
    public JsonNode putWeights(String name, @Nullable String like, Path file, LongConsumer progress) {
        String query = like == null ? "" : Paths.query(Map.of("like", like));
        return rest.put(
                "/v1/backbones/" + Paths.segment(name) + "/weights" + query,
                "application/octet-stream",
                RequestBody.of(file, progress),
                new TypeReference<>() {});
    }

    /// Has the int8 ranges of a backbone made from the images of a manifest.
    ///
    /// @param images the most images to look at; absent: as the service chooses
    /// @param progress receives every step
    /// @return the last step, with the ranges' digest
    /// @throws ActionableException when there are none in the end
    public CalibrationView quantize(
            String name, String manifestKey, @Nullable Integer images, Consumer<CalibrationView> progress) {
        Map<String, Object> request = new HashMap<>(Map.of("manifestKey", manifestKey));
        if (images != null) {
            request.put("images", images);
        }
        CalibrationView last = rest.postForLines(
                "/v1/backbones/" + Paths.segment(name) + "/ranges", request, CalibrationView.class, progress);
        if (last.rangesSha256() == null) {
            throw new ActionableException(
                    "The ranges of %s could not be made: %s.".formatted(last.name(), last.detail()),
                    "Try another dataset.");
        }
        return last;
    }

    /// Embeds one image.
    ///
    /// @param choice `backbone`, `layer`, `inputSize` and `precision`, as far as they are chosen
    public EmbeddingView embed(byte[] image, Map<String, String> choice) {
        return rest.post(
                "/v1/embeddings" + Paths.query(choice),
                "image/unknown",
                () -> BodyPublishers.ofByteArray(image),
                null,
                new TypeReference<>() {});
    }

    /// Has every image of a manifest embedded and waits for it.
    ///
    /// @param inputSizePixels side of the images as the network sees them; absent: the backbone's own
    /// @throws ActionableException when it fails
    public EmbeddingJobView embedAll(
            String manifestKey, @Nullable Integer inputSizePixels, Consumer<EmbeddingJobView> progress)
            throws InterruptedException {
        EmbeddingJobView job = follow(ask(manifestKey, inputSizePixels), progress, EmbeddingJobView::ended);
        if (!job.state().equals("COMPLETED")) {
            throw new ActionableException("The pictures could not be embedded: " + job.detail(), "Try others.");
        }
        return job;
    }

    /// Asks for the embedding of every image of a manifest, and waits until all that is missing is queued.
    ///
    /// @param inputSizePixels side of the images as the network sees them
    public EmbeddingJobView queueAll(String manifestKey, int inputSizePixels, Consumer<EmbeddingJobView> progress)
            throws InterruptedException {
        return follow(ask(manifestKey, inputSizePixels), progress, now -> now.started() || now.ended());
    }

    /// Cancels a job. What it waited for is forgotten afterwards.
    public void cancel(EmbeddingJobView job) {
        rest.delete("/v1/embedding-jobs/" + job.id());
    }

    private EmbeddingJobView ask(String manifestKey, @Nullable Integer inputSizePixels) {
        Map<String, Object> extractor = new HashMap<>(Map.of("precision", "f32"));
        if (inputSizePixels != null) {
            extractor.put("inputSizePixels", inputSizePixels);
        }
        return rest.post("/v1/embedding-jobs", Map.of("extractor", extractor, "manifestKey", manifestKey), null, JOB);
    }

    private EmbeddingJobView follow(
            EmbeddingJobView begun, Consumer<EmbeddingJobView> progress, Predicate<EmbeddingJobView> until)
            throws InterruptedException {
        EmbeddingJobView job = begun;
        while (!until.test(job)) {
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            job = rest.get("/v1/embedding-jobs/" + job.id(), JOB);
            progress.accept(job);
        }
        return job;
    }
}
