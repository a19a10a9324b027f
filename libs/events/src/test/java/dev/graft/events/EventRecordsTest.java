package dev.graft.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.GoldenEvents;
import dev.graft.contracts.GoldenFile;
import dev.graft.contracts.PoisonEventException;
import dev.graft.contracts.TraceContext;
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
