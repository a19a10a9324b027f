package dev.graft.networks.onnx;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A message in the protocol buffers wire format (https://protobuf.dev/programming-guides/encoding), written field by
/// field. Large byte fields are made only when they are written, one after the other.
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final long CHUNK_BYTES = 1 << 20;

    private sealed interface Field {
        int number();
    }

    private record Varint(int number, long value) implements Field {}

    private record Real(int number, float value) implements Field {}

    private record Bytes(int number, long sizeBytes, Supplier<MemorySegment> content) implements Field {}

    private record Nested(int number, ProtobufMessage message) implements Field {}

    private final List<Field> fields = new ArrayList<>();

    ProtobufMessage integer(int number, long value) {
        fields.add(new Varint(number, value));
        return this;
    }

    ProtobufMessage real(int number, float value) {
        fields.add(new Real(number, value));
        return this;
    }

    ProtobufMessage text(int number, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(number, bytes.length, () -> MemorySegment.ofArray(bytes));
    }

    ProtobufMessage bytes(int number, long sizeBytes, Supplier<MemorySegment> content) {
        fields.add(new Bytes(number, sizeBytes, content));
        return this;
    }

    ProtobufMessage nested(int number, ProtobufMessage message) {
        fields.add(new Nested(number, message));
        return this;
    }

    long sizeBytes() {
        long total = 0;
        for (Field field : fields) {
            total += varintBytes(tag(field))
                    + switch (field) {
                        case Varint varint -> varintBytes(varint.value());
                        case Real _ -> Float.BYTES;
                        case Bytes bytes -> delimited(bytes.sizeBytes());
                        case Nested nested -> delimited(nested.message().sizeBytes());
                    };
        }
        return total;
    }

    /// Writes the message.
    ///
    /// @throws IOException when the channel refuses the bytes
    void writeTo(WritableByteChannel channel) throws IOException {
        for (Field field : fields) {
            writeVarint(channel, tag(field));
            switch (field) {
                case Varint varint -> writeVarint(channel, varint.value());
                case Real real -> writeFixed32(channel, real.value());
                case Bytes bytes -> writeBytes(channel, bytes);
                case Nested nested -> {
                    writeVarint(channel, nested.message().sizeBytes());
                    nested.message().writeTo(channel);
                }
            }
        }
    }

    private static long tag(Field field) {
        int wireType = switch (field) {
            case Varint _ -> VARINT;
            case Real _ -> FIXED32;
            case Bytes _, Nested _ -> LENGTH_DELIMITED;
        };
        return (long) field.number() << 3 | wireType;
    }

    private static long delimited(long sizeBytes) {
        return varintBytes(sizeBytes) + sizeBytes;
    }

    private static int varintBytes(long value) {
        return Math.max(1, Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(value), 7));
    }

    private static void writeVarint(WritableByteChannel channel, long value) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        writeAll(channel, buffer.put((byte) rest).flip());
    }

    private static void writeFixed32(WritableByteChannel channel, float value) throws IOException {
        int bits = Integer.reverseBytes(Float.floatToIntBits(value));
        writeAll(channel, ByteBuffer.allocate(Float.BYTES).putInt(bits).flip());
    }

    private static void writeBytes(WritableByteChannel channel, Bytes bytes) throws IOException {
        writeVarint(channel, bytes.sizeBytes());
        MemorySegment content = bytes.content().get();
        if (content.byteSize() != bytes.sizeBytes()) {
            throw new IllegalStateException(
                    content.byteSize() + " bytes came where " + bytes.sizeBytes() + " were declared");
        }
        for (long at = 0; at < content.byteSize(); at += CHUNK_BYTES) {
            MemorySegment chunk = content.asSlice(at, Math.min(CHUNK_BYTES, content.byteSize() - at));
            writeAll(channel, chunk.asByteBuffer());
        }
    }

    /// A channel may take less than it is given.
    private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
