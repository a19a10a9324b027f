package dev.graft.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The AsyncAPI document, which says of a record whether it is what the document describes. For tests of any module:
/// those of the contracts check the golden files, those of the services what they really send.
public final class AsyncApiDocument {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "urn:graft:asyncapi";
    private static final String DEAD_LETTERS = ".dlq";

    private final JsonNode root;
    private final JsonSchemaFactory schemas;
    private final Map<String, String> channelOfTopic = new TreeMap<>();

    private AsyncApiDocument(JsonNode root) {
        this.root = root;
        this.schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V7,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(BASE, root.toString()))));
        root.get("channels")
                .properties()
                .forEach(channel ->
                        channelOfTopic.put(channel.getValue().get("address").textValue(), channel.getKey()));
    }

    /// Reads the document that the contracts ship.
    public static AsyncApiDocument load() {
        try (InputStream yaml = AsyncApiDocument.class.getResourceAsStream("/dev/graft/contracts/asyncapi.yaml")) {
            return new AsyncApiDocument(new YAMLMapper().readTree(Objects.requireNonNull(yaml)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode root() {
        return root;
    }

    /// Gives what is wrong with a record, one sentence each; empty when it is as the document says.
    ///
    /// @param topic   where it was found
    /// @param key     its key
    /// @param headers its headers as UTF-8 text
    /// @param body    its value
    public List<String> violations(
            String topic, @Nullable String key, Map<String, String> headers, byte @Nullable [] body) {
        if (topic.endsWith(DEAD_LETTERS)) {
            return deadLetterViolations(topic, headers);
        }
        List<String> violations = new ArrayList<>();
        String channel = channelOfTopic.get(topic);
        if (channel == null) {
            return List.of("no channel has the address " + topic);
        }
        String message = messageOf(channel, headers.get("ce_type"));
        if (message == null) {
            return List.of("the channel " + channel + " carries no message " + headers.get("ce_type"));
        }
        String pointer = "/components/messages/" + message;
        check(pointer + "/headers", JSON.valueToTree(headers), violations);
        String subject = headers.get("ce_subject");
        if (subject != null && !subject.equals(key)) {
            violations.add("the key is not ce_subject: " + key);
        }
        try {
            JsonNode value = JSON.readTree(body == null ? new byte[0] : body);
            check(pointer + "/payload", value, violations);
            value.fieldNames().forEachRemaining(name -> {
                if (!root.at("/components/schemas/" + message + "/properties").has(name)) {
                    violations.add("the document does not describe the member " + name);
                }
            });
        } catch (IOException e) {
            violations.add("the body is not JSON: " + e.getMessage());
        }
        return violations;
    }

    private List<String> deadLetterViolations(String topic, Map<String, String> headers) {
        List<String> violations = new ArrayList<>();
        String from = topic.substring(0, topic.length() - DEAD_LETTERS.length());
        if (!channelOfTopic.containsKey(from)) {
            violations.add("no channel has the address " + from);
        }
        check("/components/schemas/DeadLetterHeaders", JSON.valueToTree(headers), violations);
        return violations;
    }

    private @Nullable String messageOf(String channel, @Nullable String typeName) {
        for (JsonNode reference : root.at("/channels/" + channel + "/messages")) {
            String pointer = reference.get("$ref").textValue().substring(1);
            if (root.at(pointer + "/name").asText().equals(typeName)) {
                return pointer.substring(pointer.lastIndexOf('/') + 1);
            }
        }
        return null;
    }

    private void check(String pointer, JsonNode value, List<String> violations) {
        JsonSchema schema = schemas.getSchema(SchemaLocation.of(BASE + "#" + pointer));
        schema.validate(value, run -> run.getExecutionConfig().setFormatAssertionsEnabled(true)).stream()
                .map(ValidationMessage::getMessage)
                .sorted()
                .forEach(violations::add);
    }

    /// Gives the topics of the document, dead letters' excepted.
    TreeSet<String> topics() {
        TreeSet<String> topics = new TreeSet<>(channelOfTopic.keySet());
        topics.remove("{topic}" + DEAD_LETTERS);
        return topics;
    }
}
