package dev.graft.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormTest {
    private final EventCodec codec = new EventCodec();

    @Test
    void everyKindOfEventIsPinned() {
        assertThat(GoldenEvents.events().map(EventType::of).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(EventType.values());
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void writesWhatIsPinned(String name) {
        Envelope<?> envelope = GoldenEvents.envelope(name);
        GoldenFile golden = GoldenFile.read(name);

        assertThat(envelope.type().topic()).isEqualTo(golden.topic());
        assertThat(envelope.event().partitionKey()).isEqualTo(golden.key());
        assertThat(envelope.headers())
                .containsExactly(golden.headers().entrySet().toArray(Map.Entry[]::new));
        assertThat(new String(codec.encode(envelope.event()), UTF_8)).isEqualTo(new String(golden.bodyBytes(), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void readsWhatIsPinned(String name) {
        GoldenFile golden = GoldenFile.read(name);

        assertThat(codec.decode(golden.headers(), golden.bodyBytes())).isEqualTo(GoldenEvents.envelope(name));
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void ignoresMembersAndHeadersThatItDoesNotKnow(String name) {
        GoldenFile golden = GoldenFile.read(name);
        ((ObjectNode) golden.body()).putObject("addedLater").put("x", 1);
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.put("traceparent", "00-1-1-00");

        assertThat(codec.decode(headers, golden.bodyBytes())).isEqualTo(GoldenEvents.envelope(name));
    }

    @ParameterizedTest
    @CsvSource({"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"})
    void refusesARecordWithoutAnAttribute(String header) {
        GoldenFile golden = GoldenFile.read("model-published");
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.remove(header);

        assertThatThrownBy(() -> codec.decode(headers, golden.bodyBytes()))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining(header);
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, 2.0, 2.0",
        "ce_type, dev.graft.model.vanished.v9, dev.graft.model.vanished.v9",
        "ce_time, yesterday, yesterday",
        "ce_source, http://[, http://["
    })
    void refusesAnAttributeThatItCannotRead(String header, String value, String named) {
        GoldenFile golden = GoldenFile.read("model-published");
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.put(header, value);

        assertThatThrownBy(() -> codec.decode(headers, golden.bodyBytes()))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"modelName\":\"m\",\"version\":1,\"bundlePrefix\":\"models/m/1/\"} | modelDigest",
                "{\"modelName\":\"m\",\"version\":null,\"bundlePrefix\":\"p/\",\"modelDigest\":\"d\"} | version",
                "{\"modelName\":\"m\",\"version\":\"one\",\"bundlePrefix\":\"p/\",\"modelDigest\":\"d\"} | version",
                "[1,2] | not a JSON object",
                "{\"modelName\": | not a valid",
                "nonsense | not a valid"
            })
    void refusesABodyThatIsNotTheEvent(String body, String named) {
        Map<String, String> headers = GoldenFile.read("model-published").headers();

        assertThatThrownBy(() -> codec.decode(headers, body.getBytes(UTF_8)))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining(named);
    }

    @Test
    void refusesATombstoneAndAnEmptyBody() {
        Map<String, String> headers = GoldenFile.read("model-published").headers();

        assertThatThrownBy(() -> codec.decode(headers, null)).isInstanceOf(PoisonEventException.class);
        assertThatThrownBy(() -> codec.decode(headers, new byte[0])).isInstanceOf(PoisonEventException.class);
    }

    @Test
    void refusesAValueThatTheRecordForbids() {
        Map<String, String> headers = GoldenFile.read("image-ingested").headers();
        String body = "{\"imageId\":\"../secret\",\"sizeBytes\":1,\"mediaType\":\"image/png\",\"widthPixels\":1,"
                + "\"heightPixels\":1}";

        assertThatThrownBy(() -> codec.decode(headers, body.getBytes(UTF_8)))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining("not an image id");
    }

    @Test
    void boundsWhatASenderMaySayAtLength() {
        GoldenFile golden = GoldenFile.read("model-published");
        Map<String, String> longId = new HashMap<>(golden.headers());
        longId.put("ce_id", "x".repeat(256));
        Map<String, String> longType = new HashMap<>(golden.headers());
        longType.put("ce_type", "x".repeat(900_000));

        assertThatThrownBy(() -> codec.decode(longId, golden.bodyBytes()))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining("1 to 255 characters");
        assertThatThrownBy(() -> codec.decode(longType, golden.bodyBytes()))
                .isInstanceOfSatisfying(
                        PoisonEventException.class,
                        poison -> assertThat(poison.getMessage())
                                .startsWith("unknown event type: xxx")
                                .hasSizeLessThan(1_100));
        for (PredictionWish wish : PredictionWish.values()) {
            assertThatThrownBy(wish::make).as(wish.name()).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private enum PredictionWish {
        LONG_ID("x".repeat(256), 1),
        NO_ID("", 1),
        NO_LABELS("r", 0),
        TOO_MANY_LABELS("r", 1_001);

        private final String requestId;
        private final int top;

        PredictionWish(String requestId, int top) {
            this.requestId = requestId;
            this.top = top;
        }

        PredictionRequested make() {
            return new PredictionRequested(requestId, "m", "0".repeat(64), top);
        }
    }

    @Test
    void refusesToWriteAnEventThatNoBrokerTakes() {
        ImageRejected large = new ImageRejected("r", "d", null, "urn:x", "x".repeat(1_000_000));

        assertThatThrownBy(() -> codec.encode(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 1000000");
    }

    @ParameterizedTest
    @EnumSource
    void everyKindTravelsOnATopicOfTheList(EventType type) {
        assertThat(Topics.ALL).contains(type.topic());
        assertThat(EventType.named(type.typeName())).contains(type);
    }

    @Test
    void onlyTheTopicOfPublishedModelsIsCompacted() {
        assertThat(Topics.ALL.stream().filter(Topics::isCompacted)).containsExactly("models.published.v1");
        assertThat(Map.of("dlq", Topics.deadLetterOf(Topics.IMAGES_INGESTED)))
                .containsExactly(entry("dlq", "images.ingested.v1.dlq"));
    }
}
