package dev.graft.networks.weights;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes safetensors files of float32 tensors. The bytes depend on nothing but what is written: keys and
/// tensors are in the order of their names. Stateless.
public final class SafetensorsWriter {
    private static final int ALIGNMENT_BYTES = 8;
    private static final long CHUNK_BYTES = 1 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /// Writes a file. The stream stays open.
    ///
    /// @param out where the bytes go
    /// @param metadata texts to leave in the header
    /// @param tensors the tensors by name
    /// @throws MalformedWeightsException `NOT_FINITE` when a tensor holds a value that no reader would take
    /// @throws IllegalArgumentException when a tensor has the name under which the format keeps the texts
    /// @throws IOException when the stream refuses the bytes
    public static void write(OutputStream out, Map<String, String> metadata, Map<String, FloatTensor> tensors)
            throws IOException {
        SortedMap<String, FloatTensor> ordered = new TreeMap<>(tensors);
        requireReadable(ordered);
        byte[] header = header(new TreeMap<>(metadata), ordered);
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        WritableByteChannel channel = Channels.newChannel(out);
        for (FloatTensor tensor : ordered.values()) {
            write(channel, tensor.data());
        }
    }

    /// Makes a file in memory.
    ///
    /// @param metadata texts to leave in the header
    /// @param tensors the tensors by name
    /// @throws MalformedWeightsException as [#write]
    /// @throws IllegalArgumentException as [#write]
    public static byte[] toBytes(Map<String, String> metadata, Map<String, FloatTensor> tensors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(bytes, metadata, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException("an array refused bytes", e);
        }
        return bytes.toByteArray();
    }

    private static void requireReadable(Map<String, FloatTensor> tensors) {
        if (tensors.containsKey(HeaderParser.METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be named " + HeaderParser.METADATA);
        }
        tensors.forEach((name, tensor) -> {
            if (!tensor.isFinite()) {
                throw new MalformedWeightsException(
                        Malformation.NOT_FINITE, name + " holds a value that is infinite or not a number");
            }
        });
    }

    private static void write(WritableByteChannel channel, MemorySegment data) throws IOException {
        for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
            ByteBuffer chunk = data.asSlice(at, Math.min(CHUNK_BYTES, data.byteSize() - at))
                    .asByteBuffer();
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
        }
    }

    private static byte[] header(SortedMap<String, String> metadata, SortedMap<String, FloatTensor> tensors)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(HeaderParser.METADATA);
                for (Map.Entry<String, String> text : metadata.entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            long position = 0;
            for (Map.Entry<String, FloatTensor> tensor : tensors.entrySet()) {
                long end = position + tensor.getValue().data().byteSize();
                writeEntry(json, tensor.getKey(), tensor.getValue(), position, end);
                position = end;
            }
            json.writeEndObject();
        }
        String padding = " ".repeat(Math.floorMod(-bytes.size(), ALIGNMENT_BYTES));
        bytes.write(padding.getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    private static void writeEntry(JsonGenerator json, String name, FloatTensor tensor, long begin, long end)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("dtype", DType.F32.name());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape().toLongs(), 0, tensor.shape().rank());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
    }
}
