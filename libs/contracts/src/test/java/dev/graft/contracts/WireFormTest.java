package dev.graft.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
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
        assertThat(new String(codec.encode(envelope.event()), UTF_8)).isEqualTo(new String(golden.bodyBytes(), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void readsWhatIsPinned(String name) {
        GoldenFile golden = GoldenFile.read(name);

        assertThat(codec.decode(type(golden), golden.bodyBytes()))
                .isEqualTo(GoldenEvents.envelope(name).event());
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void ignoresMembersThatItDoesNotKnow(String name) {
        GoldenFile golden = GoldenFile.read(name);
        ((ObjectNode) golden.body()).putObject("addedLater").put("x", 1);

        assertThat(codec.decode(type(golden), golden.bodyBytes()))
                .isEqualTo(GoldenEvents.envelope(name).event());
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
        assertThatThrownBy(() -> codec.decode(EventType.MODEL_PUBLISHED, body.getBytes(UTF_8)))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining(named);
    }

    @Test
    void refusesAnEmptyBody() {
        assertThatThrownBy(() -> codec.decode(EventType.MODEL_PUBLISHED, new byte[0]))
                .isInstanceOf(PoisonEventException.class);
    }

    private static EventType type(GoldenFile golden) {
        return EventType.named(golden.headers().get("ce_type")).orElseThrow();
    }

    @Test
    void refusesAValueThatTheRecordForbids() {
        String body = "{\"imageId\":\"../secret\",\"sizeBytes\":1,\"mediaType\":\"image/png\",\"widthPixels\":1,"
                + "\"heightPixels\":1}";

        assertThatThrownBy(() -> codec.decode(EventType.IMAGE_INGESTED, body.getBytes(UTF_8)))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining("not an image id");
    }

    @Test
    void boundsWhatASenderMaySayAtLength() {
        Envelope<?> golden = GoldenEvents.envelope("model-published");

        assertThatThrownBy(() -> new Envelope<>("x".repeat(256), golden.source(), golden.time(), golden.event()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 255 characters");
        assertThatThrownBy(() ->
                        new Envelope<>("id", URI.create("urn:" + "x".repeat(2_000)), golden.time(), golden.event()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 2000 characters");
        assertThat(new PoisonEventException("x".repeat(900_000)).getMessage()).hasSizeLessThan(1_100);
        for (OutOfBounds request : OutOfBounds.values()) {
            assertThatThrownBy(request::make).as(request.name()).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private enum OutOfBounds {
        LONG_ID("x".repeat(256), 1),
        NO_ID("", 1),
        NO_LABELS("r", 0),
        TOO_MANY_LABELS("r", 1_001);

        private final String requestId;
        private final int top;

        OutOfBounds(String requestId, int top) {
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
