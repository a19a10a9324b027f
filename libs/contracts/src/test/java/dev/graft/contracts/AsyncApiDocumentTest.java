package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AsyncApiDocumentTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AsyncApiDocument document = AsyncApiDocument.load();

    @Test
    void describesEveryTopicAndNoOther() {
        assertThat(document.topics()).containsExactlyInAnyOrderElementsOf(Topics.ALL);
        assertThat(StreamSupport.stream(
                                document.root()
                                        .at("/channels/deadLetters/parameters/topic/enum")
                                        .spliterator(),
                                false)
                        .map(JsonNode::textValue))
                .containsExactlyInAnyOrderElementsOf(Topics.ALL);
    }

    @ParameterizedTest
    @EnumSource
    void describesEveryMemberOfEveryEvent(EventType type) {
        JsonNode members =
                document.root().at("/components/schemas/" + type.record().getSimpleName() + "/properties");

        assertThat(members.properties().stream().map(Map.Entry::getKey))
                .containsExactlyElementsOf(Arrays.stream(type.record().getRecordComponents())
                        .map(component -> component.getName())
                        .toList());
    }

    /// Proves that a value which is added to an enumeration of an event is described, too.
    @ParameterizedTest
    @EnumSource
    void describesEveryValueOfEveryEnumeration(EventType type) {
        JsonNode members =
                document.root().at("/components/schemas/" + type.record().getSimpleName() + "/properties");

        for (RecordComponent component : type.record().getRecordComponents()) {
            if (component.getType().isEnum()) {
                JsonNode member = members.path(component.getName());
                JsonNode schema = member.has("$ref")
                        ? document.root().at(member.get("$ref").textValue().substring(1))
                        : member;
                assertThat(schema.path("enum").valueStream().map(JsonNode::textValue))
                        .as(component.getName())
                        .containsExactlyElementsOf(
                                Arrays.stream(component.getType().getEnumConstants())
                                        .map(value -> JSON.convertValue(value, String.class))
                                        .toList());
            }
        }
    }

    @Test
    void refersOnlyToWhatExists() {
        List<String> references = document.root().findValues("$ref").stream()
                .map(JsonNode::textValue)
                .toList();

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.root().at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void describesTheGoldenFile(String name) {
        GoldenFile golden = GoldenFile.read(name);

        assertThat(document.violations(golden.topic(), golden.key(), golden.headers(), golden.bodyBytes()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void refusesARecordThatIsNotAsDescribed(String name) {
        GoldenFile golden = GoldenFile.read(name);
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.put("ce_time", "yesterday");
        ObjectNode body = golden.body().deepCopy();
        body.remove(body.fieldNames().next());

        assertThat(document.violations(golden.topic(), golden.key(), headers, golden.bodyBytes()))
                .hasSize(1);
        assertThat(document.violations(
                        golden.topic(),
                        golden.key(),
                        golden.headers(),
                        body.toString().getBytes()))
                .hasSize(1);
        assertThat(document.violations(golden.topic(), "other key", golden.headers(), golden.bodyBytes()))
                .hasSize(1);
        assertThat(document.violations("elsewhere.v1", golden.key(), golden.headers(), golden.bodyBytes()))
                .hasSize(1);
        body = golden.body().deepCopy();
        body.put("addedSilently", true);
        assertThat(document.violations(
                        golden.topic(),
                        golden.key(),
                        golden.headers(),
                        body.toString().getBytes()))
                .hasSize(1);
    }

    @Test
    void givesAnExampleOfEveryMessageThatIsAsDescribed() throws Exception {
        for (Map.Entry<String, JsonNode> channel :
                document.root().get("channels").properties()) {
            String topic =
                    channel.getValue().get("address").textValue().replace("{topic}", Topics.PREDICTIONS_REQUESTED);
            for (Map.Entry<String, JsonNode> reference :
                    channel.getValue().get("messages").properties()) {
                JsonNode message = document.root().at("/components/messages/" + reference.getKey());
                assertThat(message.path("examples")).as(reference.getKey()).isNotEmpty();
                for (JsonNode example : message.get("examples")) {
                    Map<String, String> headers = JSON.convertValue(example.get("headers"), new TypeReference<>() {});
                    assertThat(document.violations(
                                    topic,
                                    headers.get("ce_subject"),
                                    headers,
                                    JSON.writeValueAsBytes(example.get("payload"))))
                            .as(reference.getKey())
                            .isEmpty();
                    JsonNode manifestKey = example.get("payload").get("manifestKey");
                    assertThat(manifestKey == null || ObjectKeys.isManifest(manifestKey.textValue()))
                            .as("%s names a manifest that there may be", reference.getKey())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void letsThirdPartiesNameThemselvesAndLeaveOutWhatIsOptional() {
        GoldenFile golden = GoldenFile.read("prediction-requested");
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.put("ce_source", "https://shop.example/orders");
        headers.keySet().removeAll(List.of("ce_time", "ce_subject", "content-type"));

        assertThat(document.violations(golden.topic(), null, headers, golden.bodyBytes()))
                .isEmpty();
        assertThat(document.violations(
                        Topics.PREDICTIONS_COMPLETED,
                        null,
                        Map.of("ce_type", EventType.PREDICTION_COMPLETED.typeName()),
                        golden.bodyBytes()))
                .isNotEmpty();
    }

    @Test
    void wantsAReasonOnADeadLetter() {
        Map<String, String> headers = Map.of(
                "dead-letter-reason",
                "no body",
                "dead-letter-topic",
                "images.ingested.v1",
                "dead-letter-partition",
                "0",
                "dead-letter-offset",
                "17");

        assertThat(document.violations("images.ingested.v1.dlq", "k", headers, new byte[0]))
                .isEmpty();
        assertThat(document.violations("images.ingested.v1.dlq", "k", Map.of(), new byte[0]))
                .hasSize(4);
    }
}
