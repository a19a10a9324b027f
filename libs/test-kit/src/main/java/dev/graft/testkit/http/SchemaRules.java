package dev.graft.testkit.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Checks what a document says of values: the bounds of all that a request carries, and that a file is a file.
///
/// What the address carries is bounded by the length of an address; its text needs no bound of its own.
final class SchemaRules {
    private static final String REFERENCE = "$ref";
    private static final List<String> BOUNDS_OF_TEXT = List.of("enum", "format", "pattern", "maxLength");

    private final JsonNode document;
    private final List<String> faults;

    /// @param faults takes what is left out, a line each
    SchemaRules(JsonNode document, List<String> faults) {
        this.document = document;
        this.faults = faults;
    }

    void check(String at, JsonNode operation) {
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                checkNumber(at + parameter.path("name").asText(), parameter.path("schema"));
            }
        }
        for (Map.Entry<String, JsonNode> body : contents(operation.path("requestBody"))) {
            if (body.getKey().endsWith("json")) {
                checkValue(at + "body", body.getValue().path("schema"), new HashSet<>());
            }
        }
        Stream.concat(
                        Stream.of(operation.path("requestBody")),
                        operation.path("responses").valueStream())
                .flatMap(holder -> contents(holder).stream())
                .filter(body -> resolved(body.getValue().path("schema"))
                        .path("items")
                        .path("format")
                        .asText()
                        .equals("int8"))
                .forEach(body -> faults.add(at + body.getKey() + " is a list of numbers, and no file"));
    }

    private static Set<Map.Entry<String, JsonNode>> contents(JsonNode holder) {
        return holder.path("content").properties();
    }

    private void checkValue(String at, JsonNode schema, Set<String> seen) {
        if (schema.has(REFERENCE) && !seen.add(schema.get(REFERENCE).asText())) {
            return;
        }
        JsonNode value = resolved(schema);
        checkNumber(at, value);
        if (isA(value, "string") && BOUNDS_OF_TEXT.stream().noneMatch(value::has)) {
            faults.add(at + " is text without a bound");
        }
        String pattern = value.path("pattern").asText("^$");
        if (!pattern.startsWith("^") || !pattern.endsWith("$")) {
            faults.add(at + " has a pattern that is found anywhere: in a schema, only ^ and $ bind it to the whole");
        }
        if (isA(value, "array")) {
            if (!value.has("maxItems")) {
                faults.add(at + " is a list without a bound");
            }
            checkValue(at + "[]", value.path("items"), seen);
        }
        if (value.has("properties") && !value.has("additionalProperties")) {
            faults.add(at + " does not say whether there may be other members");
        }
        value.path("properties")
                .properties()
                .forEach(member -> checkValue(at + "." + member.getKey(), member.getValue(), seen));
        Stream.of("allOf", "anyOf", "oneOf")
                .flatMap(kind -> value.path(kind).valueStream())
                .forEach(part -> checkValue(at, part, seen));
    }

    private void checkNumber(String at, JsonNode schema) {
        JsonNode value = resolved(schema);
        if ((isA(value, "integer") || isA(value, "number")) && !(value.has("minimum") && value.has("maximum"))) {
            faults.add(at + " is a number without bounds");
        }
    }

    private static boolean isA(JsonNode schema, String type) {
        JsonNode types = schema.path("type");
        return types.asText().equals(type)
                || types.valueStream().anyMatch(one -> one.asText().equals(type));
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has(REFERENCE)
                ? document.at(schema.get(REFERENCE).asText().substring(1))
                : schema;
    }
}
