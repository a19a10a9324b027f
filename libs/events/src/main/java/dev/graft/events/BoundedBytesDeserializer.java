package dev.graft.events;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Takes a record's value whole up to a bound, and only its beginning beyond it, so that a batch of large
/// records takes no more memory than the largest of them. `ConsumerRecord#serializedValueSize` still gives the
/// true size.
///
/// Kafka's client has unpacked the whole record before it calls this, one record at a time, whatever its fetch
/// sizes are: they count compressed bytes. A record that does not fit the heap ends the service.
@RegisterForReflection
public final class BoundedBytesDeserializer implements Deserializer<byte[]> {
    /// The largest record that Kafka takes by default, with little room to spare.
    static final int MAX_VALUE_BYTES = 1 << 20;

    private final int maxBytes;

    /// Takes values up to [#MAX_VALUE_BYTES]; for Kafka.
    public BoundedBytesDeserializer() {
        this(MAX_VALUE_BYTES);
    }

    /// Takes values up to `maxBytes`.
    public BoundedBytesDeserializer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] data) {
        return data == null || data.length <= maxBytes ? data : Arrays.copyOf(data, maxBytes);
    }

    @Override
    public byte @Nullable [] deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
        if (data == null) {
            return null;
        }
        byte[] bytes = new byte[Math.min(data.remaining(), maxBytes)];
        // A duplicate: the position of the original gives the size of the record afterwards.
        data.duplicate().get(bytes);
        return bytes;
    }
}
