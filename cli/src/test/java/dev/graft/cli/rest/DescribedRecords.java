package dev.graft.cli.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Compares records with the schemas of an OpenAPI document.
final class DescribedRecords {
    private final JsonNode document;

    DescribedRecords(JsonNode document) {
        this.document = document;
    }

    /// Finds the fields of a record that the schema does not have, or has of another type, a line each.
    Stream<String> faults(Class<?> type, String schema) {
        JsonNode found = document.at("/components/schemas/" + schema);
        return found.isMissingNode() ? Stream.of(schema + " is not described") : faults(type, found, schema);
    }

    /// Finds the fields that a schema requires and a record cannot say.
    Stream<String> missing(Class<?> type, String schema) {
        List<String> known = Stream.of(type.getRecordComponents())
                .map(DescribedRecords::name)
                .toList();
        return StreamSupport.stream(
                        document.at("/components/schemas/" + schema + "/required")
                                .spliterator(),
                        false)
                .map(JsonNode::asText)
                .filter(required -> !known.contains(required))
                .map(required -> schema + "." + required + " is required");
    }

    private Stream<String> faults(Type type, JsonNode written, String at) {
        JsonNode schema = resolved(written);
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            return Collection.class.isAssignableFrom((Class<?>) generic.getRawType())
                    ? mismatch(schema, "array", at).orElse(faults(element, schema.path("items"), at + "[]"))
                    : mismatch(schema, "object", at)
                            .orElse(faults(element, schema.path("additionalProperties"), at + "{}"));
        }
        Class<?> plain = (Class<?>) type;
        if (!plain.isRecord()) {
            return mismatch(schema, jsonType(plain), at).faults();
        }
        return Stream.of(plain.getRecordComponents()).flatMap(component -> {
            String name = name(component);
            JsonNode property = schema.path("properties").path(name);
            return property.isMissingNode()
                    ? Stream.of(at + "." + name + " is not described")
                    : faults(component.getGenericType(), property, at + "." + name);
        });
    }

    private JsonNode resolved(JsonNode schema) {
        if (schema.has("$ref")) {
            return resolved(document.at(schema.get("$ref").asText().substring(1)));
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            for (JsonNode option : schema.path(choice)) {
                if (!option.path("type").asText().equals("null")) {
                    return resolved(option);
                }
            }
        }
        return schema;
    }

    private static String name(RecordComponent component) {
        JsonProperty renamed = component.getAnnotation(JsonProperty.class);
        return renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
    }

    private static String jsonType(Class<?> type) {
        if (type == String.class) {
            return "string";
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "integer";
        }
        if (type == double.class || type == float.class || type == Double.class || type == Float.class) {
            return "number";
        }
        return type == boolean.class || type == Boolean.class ? "boolean" : "object";
    }

    private static Mismatch mismatch(JsonNode schema, String wanted, String at) {
        JsonNode type = schema.path("type");
        boolean same = type.isArray()
                ? StreamSupport.stream(type.spliterator(), false)
                        .anyMatch(one -> one.asText().equals(wanted))
                : type.asText().equals(wanted);
        return new Mismatch(
                same
                        ? List.of()
                        : List.of("%s is %s, not %s".formatted(at, type.isMissingNode() ? schema : type, wanted)));
    }

    private record Mismatch(List<String> lines) {
        Stream<String> faults() {
            return lines.stream();
        }

        Stream<String> orElse(Stream<String> deeper) {
            return lines.isEmpty() ? deeper : lines.stream();
        }
    }
}
