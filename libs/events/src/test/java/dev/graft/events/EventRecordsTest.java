package dev.graft.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.GoldenEvents;
import dev.graft.contracts.GoldenFile;
import dev.graft.contracts.PoisonEventException;
import dev.graft.contracts.TraceContext;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRecordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRACE_PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final EventRecords records = new EventRecords();

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void writesWhatIsPinned(String name) {
        GoldenFile golden = GoldenFile.read(name);

        ProducerRecord<String, byte[]> record = records.write(GoldenEvents.envelope(name));

        assertThat(record.topic()).isEqualTo(golden.topic());
        assertThat(record.key()).isEqualTo(golden.key());
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        assertThat(headers).isEqualTo(golden.headers());
        assertThat(new String(record.value(), UTF_8)).isEqualTo(new String(golden.bodyBytes(), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("dev.graft.contracts.GoldenEvents#names")
    void readsWhatIsPinned(String name) {
        GoldenFile golden = GoldenFile.read(name);

        assertThat(records.read(record(golden.headers(), golden.bodyBytes()))).isEqualTo(GoldenEvents.envelope(name));
    }

    @Test
    void readsStructuredMode() {
        Envelope<?> expected = GoldenEvents.envelope("model-published");
        GoldenFile golden = GoldenFile.read("model-published");
        String event = """
                {"specversion":"1.0","id":"%s","source":"%s","type":"%s","time":"%s","subject":null,
                 "datacontenttype":"application/json","data":%s,"comexample":{"nested":[1]},"Odd_Name":1}""".formatted(
                        expected.id(), expected.source(), expected.type().typeName(), expected.time(), golden.body());

        for (String type :
                new String[] {"application/cloudevents+json", "Application/CloudEvents+JSON; charset=utf-8"}) {
            assertThat(records.read(record(Map.of("content-type", type), event.getBytes(UTF_8))))
                    .isEqualTo(expected);
        }
        assertThatThrownBy(() -> records.read(
                        record(Map.of("content-type", "application/cloudevents-batch+json"), "[]".getBytes(UTF_8))))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining("batch");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "[1]", "{}", "{\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"s\",\"type\":7}"
            })
    void refusesStructuredModeThatIsNoEvent(String body) {
        assertThatThrownBy(() -> records.read(
                        record(Map.of("content-type", "application/cloudevents+json"), body.getBytes(UTF_8))))
                .isInstanceOf(PoisonEventException.class);
    }

    /// Proves that whatever is wrong with an event in structured mode makes it poison, with a reason that names
    /// it (CloudEvents 1.0.2, §3; JSON event format 1.0.2, §2.2 and §3.1).
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            time            | "yesterday"           | yesterday
            time            | 7                     | time
            subject         | {"name":"x"}          | subject
            specversion     | "2.0"                 | 2.0
            specversion     | 1.0                   | specversion
            source          | "http://["            | http://[
            type            | "dev.graft.none.v1"   | dev.graft.none.v1
            data_base64     | "e30="                | data_base64
            datacontenttype | 7                     | datacontenttype
            datacontenttype | "text/plain"          | text/plain
            datacontenttype | "json"                | json
            data            | null                  | no body
            data            | "text"                | not a JSON object
            """)
    void refusesAStructuredEventWithAMemberThatItCannotRead(String member, String json, String named) throws Exception {
        assertThatThrownBy(() -> records.read(structured(structuredEvent().set(member, JSON.readTree(json)))))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"not*Base64\"", "\"W10=\"", "{\"a\":1}"})
    void refusesAStructuredEventWhoseBinaryDataIsNoBase64OfAnObject(String json) throws Exception {
        ObjectNode event = structuredEvent();
        event.remove("data");
        event.set("data_base64", JSON.readTree(json));

        assertThatThrownBy(() -> records.read(structured(event))).isInstanceOf(PoisonEventException.class);
    }

    /// Proves that media types are JSON by their subtype in any case, or by its suffix (RFC 2045, §5.1; RFC
    /// 6839, §3.1).
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Application/JSON",
                "application/json; charset=utf-8",
                "text/json",
                "application/vnd.x+json",
                "application/vnd.shop.order-2.v1+JSON ; charset=UTF-8"
            })
    void understandsDataOfEveryJsonMediaType(String mediaType) {
        ObjectNode event = structuredEvent().put("datacontenttype", mediaType);

        assertThat(records.read(structured(event))).isEqualTo(GoldenEvents.envelope("model-published"));
    }

    @Test
    void understandsDataInBase64AndAsText() {
        Envelope<?> expected = GoldenEvents.envelope("model-published");
        byte[] body = GoldenFile.read("model-published").bodyBytes();
        ObjectNode text = structuredEvent().put("data", new String(body, UTF_8)).put("datacontenttype", "text/plain");
        ObjectNode base64 = structuredEvent()
                .put("data_base64", Base64.getEncoder().encodeToString(body))
                .putNull("data");

        assertThat(records.read(structured(text))).isEqualTo(expected);
        assertThat(records.read(structured(base64))).isEqualTo(expected);
    }

    /// Proves that a trace nobody can follow does not keep an event from being read.
    @Test
    void passesOverATraceThatIsNoText() {
        ObjectNode event = structuredEvent().put("traceparent", 7);

        assertThat(records.read(structured(event)).trace()).isNull();
    }

    private static ObjectNode structuredEvent() {
        Envelope<?> golden = GoldenEvents.envelope("model-published");
        ObjectNode event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("id", golden.id())
                .put("source", golden.source().toString())
                .put("type", golden.type().typeName())
                .put("time", String.valueOf(golden.time()));
        return event.set("data", GoldenFile.read("model-published").body());
    }

    private static ConsumerRecord<String, byte[]> structured(JsonNode event) {
        return record(
                Map.of("content-type", "application/cloudevents+json"),
                event.toString().getBytes(UTF_8));
    }

    @Test
    void needsNoOptionalAttribute() {
        GoldenFile golden = GoldenFile.read("model-published");
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.keySet().removeAll(java.util.List.of("ce_time", "ce_subject", "content-type"));

        Envelope<?> read = records.read(record(headers, golden.bodyBytes()));

        assertThat(read.time()).isNull();
        assertThat(read.event())
                .isEqualTo(GoldenEvents.envelope("model-published").event());
    }

    @Test
    void passesOverAttributesThatItDoesNotKnow() {
        GoldenFile golden = GoldenFile.read("model-published");
        ConsumerRecord<String, byte[]> record = record(golden.headers(), golden.bodyBytes());
        record.headers()
                .add("ce_comexampleextension", "x".getBytes(UTF_8))
                .add("ce_Not-A_Valid name", new byte[] {-1})
                .add("ce_", new byte[0])
                .add("ce_empty", null)
                .add("x-request-id", "y".getBytes(UTF_8));

        assertThat(records.read(record)).isEqualTo(GoldenEvents.envelope("model-published"));
    }

    @Test
    void carriesTheTrace() {
        Envelope<?> golden = GoldenEvents.envelope("model-published");
        TraceContext trace = new TraceContext(TRACE_PARENT, "a=b");
        Envelope<?> traced = new Envelope<>(golden.id(), golden.source(), golden.time(), golden.event(), trace);

        ProducerRecord<String, byte[]> written = records.write(traced);

        assertThat(written.headers().lastHeader("ce_traceparent").value())
                .asString()
                .isEqualTo(TRACE_PARENT);
        assertThat(records.read(record(written.headers(), written.value()))).isEqualTo(traced);
    }

    @Test
    void takesTheTraceOfTheRecordWhenTheEventHasNone() {
        GoldenFile golden = GoldenFile.read("model-published");
        ConsumerRecord<String, byte[]> record = record(golden.headers(), golden.bodyBytes());
        record.headers().add("traceparent", TRACE_PARENT.getBytes(UTF_8));
        assertThat(records.read(record).trace()).isEqualTo(new TraceContext(TRACE_PARENT, null));

        record.headers().add("ce_traceparent", "00-1-1-00".getBytes(UTF_8));
        assertThat(records.read(record).trace()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"ce_specversion", "ce_id", "ce_source", "ce_type"})
    void refusesARecordWithoutARequiredAttribute(String header) {
        GoldenFile golden = GoldenFile.read("model-published");
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.remove(header);

        assertThatThrownBy(() -> records.read(record(headers, golden.bodyBytes())))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining(header);
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, 2.0, 2.0",
        "ce_specversion, 0.3, 0.3",
        "ce_type, dev.graft.model.vanished.v9, dev.graft.model.vanished.v9",
        "ce_time, yesterday, yesterday",
        "ce_source, http://[, http://["
    })
    void refusesAnAttributeThatItCannotRead(String header, String value, String named) {
        GoldenFile golden = GoldenFile.read("model-published");
        Map<String, String> headers = new HashMap<>(golden.headers());
        headers.put(header, value);

        assertThatThrownBy(() -> records.read(record(headers, golden.bodyBytes())))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining(named);
    }

    @Test
    void refusesATombstoneAndABodyThatWasCut() {
        Map<String, String> headers = GoldenFile.read("model-published").headers();

        assertThatThrownBy(() -> records.read(record(headers, null))).isInstanceOf(PoisonEventException.class);
        assertThatThrownBy(() -> records.read(new ConsumerRecord<>(
                        "t",
                        0,
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        1,
                        20_000_000,
                        "k",
                        new byte[10],
                        headers(headers),
                        Optional.empty())))
                .isInstanceOf(PoisonEventException.class)
                .hasMessageContaining("20000000");
    }

    private static ConsumerRecord<String, byte[]> record(Map<String, String> headers, byte[] body) {
        return record(headers(headers), body);
    }

    private static ConsumerRecord<String, byte[]> record(Headers headers, byte[] body) {
        return new ConsumerRecord<>(
                "t",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                1,
                body == null ? ConsumerRecord.NULL_SIZE : body.length,
                "k",
                body,
                headers,
                Optional.empty());
    }

    private static Headers headers(Map<String, String> texts) {
        Headers headers = new RecordHeaders();
        texts.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
        return headers;
    }
}
