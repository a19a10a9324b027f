package dev.graft.networks.weights;

import dev.graft.networks.network.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Where a tensor's numbers lie in a safetensors file of which only the beginning is at hand: for those who read
/// parts of files elsewhere. Unlike [Safetensors], it says nothing of the rest of the file.
///
/// @param type       of the elements, such as `F32`
/// @param shape      extents
/// @param beginBytes where in the file its bytes begin
public record TensorPlace(String type, Shape shape, long beginBytes) {
    /// How many bytes a file begins with that give the length of its header.
    public static final int LENGTH_BYTES = SafetensorsHeader.LENGTH_BYTES;

    /// Reads how many bytes of header follow the first ones.
    ///
    /// @param first the first [#LENGTH_BYTES] of the file
    /// @param maxBytes the longest header that is wanted
    /// @throws MalformedWeightsException `HEADER_TOO_LARGE` when it is longer, or this is no safetensors file
    public static int headerBytes(byte[] first, int maxBytes) {
        long bytes = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (bytes < 0 || bytes > maxBytes) {
            throw new MalformedWeightsException(
                    Malformation.HEADER_TOO_LARGE,
                    "the header would have " + Long.toUnsignedString(bytes) + " bytes, at most " + maxBytes
                            + " are read");
        }
        return (int) bytes;
    }

    /// Finds a tensor.
    ///
    /// @param header the bytes of the header
    /// @throws MalformedWeightsException when it is no header, `MISSING_TENSOR` when it has no tensor of this name
    public static TensorPlace in(byte[] header, String name) {
        SafetensorsHeader parsed = new HeaderParser(ByteBuffer.wrap(header)).parse(LENGTH_BYTES + (long) header.length);
        SafetensorsHeader.Entry entry = parsed.entries().get(name);
        if (entry == null) {
            throw new MalformedWeightsException(Malformation.MISSING_TENSOR, name + " is not there");
        }
        return new TensorPlace(entry.dtype().toString(), entry.shape(), parsed.dataStart() + entry.begin());
    }
}
