package dev.graft.backbones.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;

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

    /// Makes the file in memory.
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(sizeBytes()));
        try {
            writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("an array refused bytes", e);
        }
        return bytes.toByteArray();
    }
}
