package dev.graft.problem.document;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jspecify.annotations.Nullable;

/// Declares that bodies of requests have no other members than those described: what nobody knows is refused
/// ([dev.graft.problem.request.StrictJson]), unless a schema says for itself what else there may be; and that null is
/// taken for a member that is left out.
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ClosedRequests implements OASFilter {
    private static final String COMPONENT = "#/components/schemas/";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getPaths() == null || document.getComponents() == null) {
            return;
        }
        Map<String, Schema> components =
                Objects.requireNonNullElse(document.getComponents().getSchemas(), Map.of());
        Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        document.getPaths().getPathItems().values().stream()
                .flatMap(path -> path.getOperations().values().stream())
                .flatMap(operation -> Stream.ofNullable(operation.getRequestBody()))
                .flatMap(body -> Stream.ofNullable(body.getContent()))
                .flatMap(ClosedRequests::json)
                .forEach(schema -> close(schema, components, seen));
    }

    private static Stream<Schema> json(Content content) {
        return Stream.ofNullable(content.getMediaType("application/json"))
                .flatMap(type -> Stream.ofNullable(type.getSchema()));
    }

    private static void close(Schema written, Map<String, Schema> components, Set<Schema> seen) {
        Schema schema = resolve(written, components);
        if (!seen.add(schema)) {
            return;
        }
        Map<String, Schema> members = new LinkedHashMap<>(Objects.requireNonNullElse(schema.getProperties(), Map.of()));
        if (!members.isEmpty() && !saysWhatElse(schema)) {
            schema.setAdditionalPropertiesBoolean(false);
        }
        if (members.isEmpty() && schema.getRequired() != null) {
            // A choice that only names members of the object around it. Said of each choice, that it is an object would
            // read as if all of them could hold at once.
            schema.setType(null);
        }
        List<String> needed = needed(schema, components).toList();
        members.forEach((name, member) -> {
            if (!needed.contains(name)) {
                schema.addProperty(name, orNull(member));
            }
        });
        Stream.of(
                        members.values().stream(),
                        Stream.ofNullable(schema.getItems()),
                        parts(schema.getAnyOf()),
                        parts(schema.getOneOf()),
                        parts(schema.getAllOf()))
                .flatMap(part -> part)
                .forEach(part -> close(part, components, seen));
    }

    /// Gives the members that must be there, or one of which must.
    private static Stream<String> needed(Schema schema, Map<String, Schema> components) {
        return Stream.concat(
                parts(schema.getRequired()),
                parts(schema.getOneOf())
                        .flatMap(part -> parts(resolve(part, components).getRequired())));
    }

    private static Schema orNull(Schema member) {
        if (member.getRef() != null) {
            return OASFactory.createSchema()
                    .anyOf(List.of(member, OASFactory.createSchema().addType(SchemaType.NULL)));
        }
        if (member.getType() != null && !member.getType().contains(SchemaType.NULL)) {
            member.addType(SchemaType.NULL);
            if (member.getEnumeration() != null) {
                List<@Nullable Object> values = new ArrayList<>(member.getEnumeration());
                values.add(null);
                member.setEnumeration(values);
            }
        }
        return member;
    }

    private static Schema resolve(Schema written, Map<String, Schema> components) {
        String reference = written.getRef();
        if (reference == null || !reference.startsWith(COMPONENT)) {
            return written;
        }
        return components.getOrDefault(reference.substring(COMPONENT.length()), written);
    }

    private static boolean saysWhatElse(Schema schema) {
        return schema.getAdditionalPropertiesBoolean() != null || schema.getAdditionalPropertiesSchema() != null;
    }

    private static <T> Stream<T> parts(@Nullable List<T> list) {
        return Stream.ofNullable(list).flatMap(List::stream);
    }
}
