package dev.graft.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class BoundedBytesDeserializerTest {
    private final BoundedBytesDeserializer deserializer = new BoundedBytesDeserializer(3);

    @Test
    void keepsTheBeginningOfWhatIsTooLarge() {
        byte[] large = {1, 2, 3, 4};

        assertThat(deserializer.deserialize("t", large)).containsExactly(1, 2, 3);
        assertThat(deserializer.deserialize("t", new byte[] {1})).containsExactly(1);
        assertThat(deserializer.deserialize("t", (byte[]) null)).isNull();
        ByteBuffer buffer = ByteBuffer.wrap(large);
        assertThat(deserializer.deserialize("t", new RecordHeaders(), buffer)).containsExactly(1, 2, 3);
        // Kafka measures the record by it afterwards.
        assertThat(buffer.remaining()).isEqualTo(4);
    }
}
