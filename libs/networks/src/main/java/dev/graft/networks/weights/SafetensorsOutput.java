package dev.graft.networks.weights;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Puts the parts of a safetensors file into a stream, which stays open. For one thread.
final class SafetensorsOutput {
    private static final int ALIGNMENT_BYTES = 8;
    private static final long CHUNK_BYTES = 1 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private final WritableByteChannel channel;

    /// @param out where the bytes go
    SafetensorsOutput(OutputStream out) {
        this.channel = Channels.newChannel(out);
    }

    /// Checks that no tensor holds a value that the reader would refuse.
    ///
    /// @throws MalformedWeightsException `NOT_FINITE`
    static void requireFinite(Map<String, FloatTensor> tensors) {
        tensors.forEach((name, tensor) -> {
            if (!tensor.isFinite()) {
                throw new MalformedWeightsException(
                        Malformation.NOT_FINITE, name + " holds a value that is infinite or not a number");
            }
        });
    }

    /// Makes a header, padded so that the data begins at a multiple of eight bytes.
    ///
    /// @param metadata texts, in the order in which they are written
    /// @param entries the tensors by name, in the order in which they are written
    static byte[] header(Map<String, String> metadata, Map<String, SafetensorsHeader.Entry> entries)
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
            for (Map.Entry<String, SafetensorsHeader.Entry> entry : entries.entrySet()) {
                writeEntry(json, entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        }
        String padding = " ".repeat(Math.floorMod(-bytes.size(), ALIGNMENT_BYTES));
        bytes.write(padding.getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    private static void writeEntry(JsonGenerator json, String name, SafetensorsHeader.Entry entry) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("dtype", entry.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape().toLongs(), 0, entry.shape().rank());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
        json.writeEndObject();
    }

    /// Writes the length of a header, and the header.
    void writeHeader(byte[] header) throws IOException {
        byte[] length = ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array();
        write(MemorySegment.ofArray(length));
        write(MemorySegment.ofArray(header));
    }

    /// Writes bytes as they are.
    void write(MemorySegment data) throws IOException {
        for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
            ByteBuffer chunk = data.asSlice(at, Math.min(CHUNK_BYTES, data.byteSize() - at))
                    .asByteBuffer();
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
        }
    }
}
