package dev.graft.cli.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks every service for the dead letters of the topics that it consumes.
public final class DeadLetterClient {
    private static final String PATH = "/v1/dead-letters";
    private static final int PAGE = 500;
    private static final int NOT_FOUND = 404;

    private final Map<String, RestClient> services;

    /// @param services by name
    public DeadLetterClient(Map<String, RestClient> services) {
        this.services = new TreeMap<>(services);
    }

    /// Lists dead letters, each with the name of its service.
    ///
    /// @param topic only those of this topic; absent: of all topics
    /// @param limit how many at most, of each service
    public List<ObjectNode> list(@Nullable String topic, int limit) {
        List<ObjectNode> letters = new ArrayList<>();
        services.forEach((name, rest) -> {
            String after = null;
            int found = 0;
            do {
                Map<String, String> query = new TreeMap<>();
                query.put("limit", Integer.toString(Math.min(PAGE, limit - found)));
                if (topic != null) {
                    query.put("topic", topic);
                }
                if (after != null) {
                    query.put("after", after);
                }
                JsonNode page = rest.get(PATH + Paths.query(query), new TypeReference<>() {});
                for (JsonNode letter : page.path("deadLetters")) {
                    letters.add(((ObjectNode) letter).put("service", name));
                    found++;
                }
                after = page.path("next").textValue();
            } while (after != null && found < limit);
        });
        return letters;
    }

    /// Shows a dead letter with its headers and body.
    ///
    /// @throws RefusedRequestException when no service has it
    public ObjectNode show(String id) {
        return find(id, rest -> rest.get(PATH + "/" + Paths.segment(id), new TypeReference<>() {}));
    }

    /// Publishes a dead letter once more on its topic.
    ///
    /// @throws RefusedRequestException when no service has it, or it cannot be replayed
    public ObjectNode replay(String id) {
        return find(
                id,
                rest -> rest.post(
                        PATH + "/" + Paths.segment(id) + "/replay", Map.of(), null, new TypeReference<>() {}));
    }

    private ObjectNode find(String id, Function<RestClient, ObjectNode> request) {
        for (Map.Entry<String, RestClient> service : services.entrySet()) {
            try {
                return request.apply(service.getValue()).put("service", service.getKey());
            } catch (RefusedRequestException e) {
                if (e.status() != NOT_FOUND) {
                    throw e;
                }
            }
        }
        throw new RefusedRequestException(
                NOT_FOUND,
                false,
                "There is no dead letter " + id + ".",
                "./graft dead-letters list lists what there is.",
                null);
    }
}
