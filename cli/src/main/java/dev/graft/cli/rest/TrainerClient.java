package dev.graft.cli.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.stack.ActionableException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks the trainer service.
public final class TrainerClient {
    private static final TypeReference<TrainingRunView> RUN = new TypeReference<>() {};

    private static final int PAGE = 1_000;

    private final RestClient rest;

    TrainerClient(RestClient rest) {
        this.rest = rest;
    }

    /// Begins a run.
    ///
    /// @param idempotencyKey the same key and request give the same run; absent: a new run
    public TrainingRunView train(TrainingRequest request, @Nullable String idempotencyKey) {
        return rest.post("/v1/training-runs", request, idempotencyKey, RUN);
    }

    /// Follows a run to its end.
    ///
    /// @throws ActionableException when it does not succeed
    public TrainingRunView follow(TrainingRunView begun, Consumer<TrainingRunView> progress) {
        TrainingRunView ended = rest.follow(path(begun.id()), RUN, TrainingRunView::ended, progress);
        if (!ended.state().equals("SUCCEEDED")) {
            ProblemView problem = ended.problem();
            throw problem == null
                    ? new ActionableException(
                            "The run " + ended.id() + " ended as " + ended.state() + ".", "Start another one.")
                    : new ReportedProblemException(
                            "The training failed: " + problem.sentence(), problem.remedy(), problem.pointer());
        }
        return ended;
    }

    /// Gets a run.
    public TrainingRunView run(String id) {
        return rest.get(path(id), RUN);
    }

    /// Lists the runs, the newest first.
    public List<TrainingRunView> runs() {
        return rest.get("/v1/training-runs", new TypeReference<>() {});
    }

    /// Gets the report of a run: a self-contained HTML page.
    public byte[] report(String id) {
        return rest.getBytes(path(id) + "/report");
    }

    /// Lists the images that a version of a model was evaluated on.
    public List<EvaluatedImage> evaluated(String model, int version) {
        return rest.getLines(files(model, version) + "predictions.jsonl", EvaluatedImage.class);
    }

    /// Gets a file of a version of a model.
    public byte[] file(String model, int version, String name) {
        return rest.getBytes(files(model, version) + Paths.segment(name));
    }

    /// Lists the models by their names: all of them, page by page.
    public JsonNode models() {
        ArrayNode models = JsonNodeFactory.instance.arrayNode();
        ArrayNode page;
        String after = "";
        do {
            Map<String, String> query = Map.of("limit", Integer.toString(PAGE), "after", after);
            page = rest.get("/v1/models" + Paths.query(query), new TypeReference<>() {});
            models.addAll(page);
            after = models.path(models.size() - 1).path("name").asText();
        } while (page.size() == PAGE);
        return models;
    }

    /// Puts a version of a model into production.
    public JsonNode promote(String model, int version) {
        return rest.put(
                "/v1/models/" + Paths.segment(model) + "/production",
                Map.of("version", version),
                new TypeReference<>() {});
    }

    private static String files(String model, int version) {
        return "/v1/models/" + Paths.segment(model) + "/versions/" + version + "/files/";
    }

    private static String path(String run) {
        return "/v1/training-runs/" + Paths.segment(run);
    }
}
