package dev.graft.cli.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.stack.ActionableException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks the predict service.
public final class PredictClient {
    /// A model is served within seconds, once whatever was away meanwhile is back.
    private static final Duration SERVING_PATIENCE = RestClient.PATIENCE.plusSeconds(60);

    private static final Duration POLL = Duration.ofMillis(50);

    private final RestClient rest;

    PredictClient(RestClient rest) {
        this.rest = rest;
    }

    private record ResultsView(List<PredictionView> results) {}

    /// Asks a model about images, as [#predict(String, List, int, String)].
    public List<PredictionView> predict(String model, List<byte[]> images, int top) {
        return predict(model, images, top, null);
    }

    /// Asks a model about images; the answers are in the order of the images.
    ///
    /// @param top      how many labels an answer names
    /// @param backbone whose classifier of ImageNet is asked, for the model `imagenet` only; absent: the
    ///     default one's
    public List<PredictionView> predict(String model, List<byte[]> images, int top, @Nullable String backbone) {
        MultipartBody body = MultipartBody.of(images);
        Map<String, String> query = new LinkedHashMap<>(Map.of("top", Integer.toString(top)));
        if (backbone != null) {
            query.put("backbone", backbone);
        }
        String path = "/v1/models/" + Paths.segment(model) + "/predict" + Paths.query(query);
        return rest.post(path, body.mediaType(), body, null, new TypeReference<ResultsView>() {})
                .results();
    }

    /// Waits until the service answers with a version that was put into production a moment ago, or with a newer one.
    ///
    /// @throws ActionableException when it does not within three minutes
    public void awaitServing(String model, int version) throws InterruptedException {
        long deadline = System.nanoTime() + SERVING_PATIENCE.toNanos();
        while (!serves(model, version)) {
            if (System.nanoTime() > deadline) {
                throw new ActionableException(
                        "The predict service does not serve version " + version + " of " + model + " yet.",
                        "Its log in the data directory says why.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    private boolean serves(String model, int version) {
        JsonNode models = rest.get("/v1/models", new TypeReference<>() {});
        for (JsonNode loaded : models) {
            if (loaded.path("model").asText().equals(model)
                    && loaded.path("version").asInt() >= version) {
                return true;
            }
        }
        return false;
    }
}
