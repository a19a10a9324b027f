package dev.graft.testkit.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An operation of a service, as its OpenAPI document describes it.
///
/// @param path       with values in place of parameters
/// @param mediaTypes of the body; empty when it takes none
/// @param example    of a JSON body, made from its schema, and this operation's own, as who tries bodies changes it;
///                   absent when it takes none
/// @param further    members of a JSON body that the example leaves out, by name, with a value made from their
///                   schema
/// @param closed     whether a JSON body may have no other members
record Operation(
        String method,
        String path,
        List<String> mediaTypes,
        @Nullable JsonNode example,
        Map<String, JsonNode> further,
        boolean closed) {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String JSON = "application/json";
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");
    private static final int MAX_DEPTH = 6;

    /// Reads the operations of a document.
    ///
    /// @param values  of path parameters, by name (`id`) or, where several have it, by the path that it ends
    ///                (`/v1/images/{id}`); others get one that names nothing
    /// @param deleted the same for operations that delete
    static List<Operation> of(JsonNode document, Map<String, String> values, Map<String, String> deleted) {
        List<Operation> operations = new ArrayList<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method -> operations.add(of(
                                document,
                                path.getKey(),
                                method.getKey(),
                                method.getValue(),
                                method.getKey().equals("delete") ? deleted : values))));
        return operations;
    }

    private static Operation of(
            JsonNode document, String template, String method, JsonNode operation, Map<String, String> values) {
        String path = PARAMETER.matcher(template).replaceAll(parameter -> {
            String byName = values.getOrDefault(parameter.group(1), "none");
            return Matcher.quoteReplacement(values.getOrDefault(template.substring(0, parameter.end()), byName));
        });
        JsonNode content = operation.path("requestBody").path("content");
        List<String> mediaTypes = new ArrayList<>();
        content.fieldNames().forEachRemaining(mediaTypes::add);
        JsonNode schema = content.path(JSON).path("schema");
        JsonNode example = content.has(JSON) ? example(document, schema, MAX_DEPTH) : null;
        Map<String, JsonNode> further = example == null ? Map.of() : further(document, schema, example);
        boolean closed = resolved(document, schema).path("additionalProperties").isBoolean()
                && !resolved(document, schema).get("additionalProperties").asBoolean();
        return new Operation(method.toUpperCase(java.util.Locale.ROOT), path, mediaTypes, example, further, closed);
    }

    /// The same at another address.
    Operation at(String otherPath) {
        return new Operation(method, otherPath, mediaTypes, example, further, closed);
    }

    private static Map<String, JsonNode> further(JsonNode document, JsonNode schema, JsonNode example) {
        JsonNode object = resolved(document, schema);
        Map<String, JsonNode> further = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object.path("properties").properties()) {
            if (!example.has(member.getKey())) {
                further.put(member.getKey(), example(document, member.getValue(), MAX_DEPTH));
            }
        }
        return further;
    }

    private static JsonNode resolved(JsonNode document, JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    private static JsonNode example(JsonNode document, JsonNode schema, int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (schema.has("$ref")) {
            return example(document, document.at(schema.get("$ref").asText().substring(1)), depth);
        }
        JsonNode given = schema.has("example")
                ? schema.get("example")
                : schema.path("examples").path(0);
        if (!given.isMissingNode()) {
            // Several operations may name one schema.
            return given.deepCopy();
        }
        if (schema.path("enum").size() > 0) {
            return schema.get("enum").get(0);
        }
        if (schema.has("properties")) {
            ObjectNode object = json.objectNode();
            if (depth > 0) {
                schema.get("properties")
                        .properties()
                        .forEach(property ->
                                object.set(property.getKey(), example(document, property.getValue(), depth - 1)));
            }
            return object;
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.has(choice)) {
                return example(document, schema.get(choice).get(0), depth);
            }
        }
        JsonNode type = schema.path("type").isArray() ? schema.get("type").get(0) : schema.path("type");
        return switch (type.asText()) {
            case "array" -> json.arrayNode().add(example(document, schema.path("items"), depth - 1));
            case "integer" -> json.numberNode(1);
            case "number" -> json.numberNode(0.5);
            case "boolean" -> json.booleanNode(true);
            case "object" -> json.objectNode();
            default -> json.textNode("x");
        };
    }
}
