package dev.graft.testkit.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks what every OpenAPI document here says: names of operations, descriptions of parameters, bounds of
/// what a request carries, a schema for every answer with a body, refusals included, and an example of every
/// body in JSON.
public final class DocumentRules {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final Set<String> WITHOUT_BODY = Set.of("204", "304");

    private DocumentRules() {}

    /// Gets the document of a service.
    public static JsonNode document(URI service) throws IOException {
        byte[] request =
                "GET /q/openapi?format=json HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n".getBytes(US_ASCII);
        return new ObjectMapper()
                .readTree(RawAnswer.to(service, request, PATIENCE).body());
    }

    /// Finds what a service's document leaves out, a line each.
    public static List<String> faults(URI service) throws IOException {
        List<String> faults = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        JsonNode document = document(service);
        SchemaRules schemas = new SchemaRules(document, faults);
        ExampleRules examples = new ExampleRules(document, faults);
        examples.checkTruth();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    String at = method.getKey() + " " + path.getKey() + ": ";
                    JsonNode operation = method.getValue();
                    if (!ids.add(operation.path("operationId").asText())) {
                        faults.add(at + "no operation id of its own");
                    }
                    check(at, operation, faults);
                    schemas.check(at, operation);
                    examples.check(at, operation);
                }
            }
        }
        return faults;
    }

    private static void check(String at, JsonNode operation, List<String> faults) {
        if (operation.path("summary").asText().isBlank()) {
            faults.add(at + "no summary");
        }
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("description").asText().isBlank()) {
                faults.add(at + "parameter " + parameter.path("name").asText() + " is not described");
            }
            if (!parameter.path("schema").has("type")
                    && !parameter.path("schema").has("$ref")) {
                faults.add(at + "parameter " + parameter.path("name").asText() + " has no type");
            }
        }
        for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
            JsonNode content = response.getValue().path("content");
            boolean typed = content.size() > 0
                    && content.properties().stream()
                            .allMatch(body -> body.getValue().path("schema").size() > 0);
            if (!typed && !WITHOUT_BODY.contains(response.getKey())) {
                faults.add(at + response.getKey() + " has no schema");
            }
        }
        if (!operation.path("responses").has("400")) {
            faults.add(at + "says nothing of refusals");
        }
    }
}
