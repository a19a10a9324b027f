package dev.graft.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.graft.networks.network.Shape;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsWriterTest {
    @Test
    void writesTheSameBytesWhateverTheOrder() {
        Map<String, FloatTensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", FloatTensor.of(Shape.of(2, 1), 1, -2));
        tensors.put("bias", FloatTensor.of(Shape.of(2), 0, 0.5f));
        byte[] bytes = SafetensorsWriter.toBytes(Map.of("z", "1", "a", "\"é"), tensors);
        int headerBytes = bytes[0] & 0xFF;
        assertThat(new String(bytes, 8, headerBytes, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"__metadata__\":{\"a\":\"\\\"é\",\"z\":\"1\"},"
                        + "\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]}}");
        assertThat((8 + headerBytes) % 8).isZero();
        assertThat(Arrays.copyOfRange(bytes, 8 + headerBytes, bytes.length))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0);
    }

    @Test
    void writesWhatTheReaderReads() {
        FloatTensor tensor = FloatTensor.of(Shape.of(3), 1e-38f, -0f, 3e38f);
        byte[] bytes = SafetensorsWriter.toBytes(
                Map.of("by", "test"), Map.of("a.b", tensor, "empty", FloatTensor.of(Shape.of(0))));
        try (Safetensors file = Safetensors.of(bytes)) {
            assertThat(file.metadata()).containsExactly(Map.entry("by", "test"));
            assertThat(file.tensor("a.b").toArray()).containsExactly(1e-38f, -0f, 3e38f);
            assertThat(file.tensor("empty").toArray()).isEmpty();
        }
    }

    /// The state of a training may take half of the heap: its file must not need room for more than itself.
    @Test
    void takesNoMoreMemoryThanTheFile() {
        FloatTensor tensor = FloatTensor.of(Shape.of(8 << 20), new float[8 << 20]);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        byte[] bytes = SafetensorsWriter.toBytes(Map.of(), Map.of("a", tensor));
        // A tenth is for what the chunks are handed on with.
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(bytes.length + bytes.length / 10);
    }

    @Test
    void refusesWhatItsReaderWouldRefuse() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Map<String, FloatTensor> tensors = Map.of("lost", FloatTensor.of(Shape.of(2), 1, value));
            assertThatThrownBy(() -> SafetensorsWriter.toBytes(Map.of(), tensors))
                    .isInstanceOf(MalformedWeightsException.class)
                    .hasMessage("lost holds a value that is infinite or not a number (NOT_FINITE)");
        }
        Map<String, FloatTensor> tensors = Map.of("__metadata__", FloatTensor.of(Shape.of(1), 1));
        assertThatThrownBy(() -> SafetensorsWriter.toBytes(Map.of(), tensors))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
