package dev.graft.testkit.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.contracts.ObjectKeys;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Checks that a document shows what a request and an answer in JSON look like: by an example of the whole, or
/// of a member. A list or a page of a list is shown by its elements.
final class ExampleRules {
    private static final String REFERENCE = "$ref";
    private static final String MANIFEST_KEY = "manifestKey";

    private final JsonNode document;
    private final List<String> faults;

    /// @param faults takes what is left out, a line each
    ExampleRules(JsonNode document, List<String> faults) {
        this.document = document;
        this.faults = faults;
    }

    void check(String at, JsonNode operation) {
        checkContent(at + "body", operation.path("requestBody").path("content"));
        for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
            if (response.getKey().startsWith("2")) {
                checkContent(at + response.getKey(), response.getValue().path("content"));
            }
        }
    }

    private void checkContent(String at, JsonNode content) {
        for (Map.Entry<String, JsonNode> body : content.properties()) {
            JsonNode schema = resolved(body.getValue().path("schema"));
            if (body.getKey().endsWith("json") && !isShown(schema)) {
                faults.add(at + " has no example");
            }
        }
    }

    private boolean isShown(JsonNode schema) {
        JsonNode members = schema.path("properties");
        return !examples(schema).isEmpty()
                || alternatives(schema).stream().anyMatch(this::isShown)
                || schema.has("items") && isShown(resolved(schema.get("items")))
                || members.has("items") && isShown(resolved(members.get("items")))
                || members.valueStream().anyMatch(member -> !examples(member).isEmpty());
    }

    private List<JsonNode> alternatives(JsonNode schema) {
        return Stream.of("oneOf", "anyOf", "allOf")
                .flatMap(kind -> schema.path(kind).valueStream())
                .map(this::resolved)
                .toList();
    }

    private static List<JsonNode> examples(JsonNode schema) {
        return schema.has("example")
                ? List.of(schema.get("example"))
                : schema.path("examples").valueStream().toList();
    }

    /// Finds examples that are no JSON or have members that their schema does not describe, and keys in them
    /// that no manifest can have.
    void checkTruth() {
        for (JsonNode schema : document.path("components").path("schemas")) {
            JsonNode members = schema.path("properties");
            examples(schema).stream()
                    .filter(example -> members.size() > 0 && !example.isObject())
                    .forEach(example -> faults.add("an example is no object: " + example));
            if (members.size() > 0 && !schema.has("additionalProperties")) {
                examples(schema).stream()
                        .flatMap(example -> example.propertyStream())
                        .filter(member -> !members.has(member.getKey()))
                        .forEach(member -> faults.add("an example has a member that is not described: " + member));
            }
            Stream.concat(
                            examples(schema).stream().map(example -> example.path(MANIFEST_KEY)),
                            examples(members.path(MANIFEST_KEY)).stream())
                    .filter(JsonNode::isTextual)
                    .filter(key -> !ObjectKeys.isManifest(key.textValue()))
                    .forEach(key -> faults.add("an example has a key that no manifest has: " + key));
        }
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has(REFERENCE)
                ? document.at(schema.get(REFERENCE).asText().substring(1))
                : schema;
    }
}
