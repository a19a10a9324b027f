package dev.graft.networks.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/// A finished ONNX model, whose numbers are read from the weights when it is written: keep those open until then. The
/// same description and weights give the same bytes.
public final class OnnxModel {
    private final ProtobufMessage message;

    OnnxModel(ProtobufMessage message) {
        this.message = message;
        if (message.sizeBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a model of " + message.sizeBytes() + " bytes is more than an ONNX file can hold");
        }
    }

    /// Returns the size of the file.
    public long sizeBytes() {
        return message.sizeBytes();
    }

    /// Writes the file. The stream stays open.
    ///
    /// @throws IOException when the stream refuses the bytes
    public void writeTo(OutputStream out) throws IOException {
        message.writeTo(Channels.newChannel(out));
        out.flush();
    }

    /// Makes the file in native memory, without the heap.
    ///
    /// @param arena what the memory lives as long as
    /// @return the bytes, from the buffer's position to its limit
    public ByteBuffer toBuffer(Arena arena) {
        ByteBuffer buffer = arena.allocate(sizeBytes()).asByteBuffer();
        try {
            message.writeTo(new BufferChannel(buffer));
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer refused bytes", e);
        }
        return buffer.flip();
    }

    /// Makes the file on the heap.
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(sizeBytes()));
        try {
            writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("an array refused bytes", e);
        }
        return bytes.toByteArray();
    }

    private record BufferChannel(ByteBuffer buffer) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) {
            int sizeBytes = source.remaining();
            buffer.put(source);
            return sizeBytes;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // The memory belongs to its arena.
        }
    }
}
