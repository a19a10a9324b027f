package dev.graft.networks.weights;

import dev.graft.networks.network.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What the beginning of a safetensors file declares: a length of eight bytes, little-endian, then a JSON object of so
/// many bytes that gives each tensor's type, shape and place in the data that follows.
///
/// @param metadata texts that the writer left
/// @param entries the tensors by name, in the order of the header
/// @param dataStart where in the file the data begins
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries, long dataStart) {
    static final int LENGTH_BYTES = 8;

    /// The operations that textual pickles of objects begin with: a mark, an empty list, tuple or dictionary, the name
    /// of a class (https://github.com/python/cpython/blob/main/Lib/pickletools.py).
    private static final String TEXTUAL_PICKLES = "(])}c";

    /// The operation that pickles end with.
    private static final byte PICKLE_STOP = '.';

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// One tensor's declaration.
    ///
    /// @param dtype type of its elements
    /// @param shape extents
    /// @param begin where its bytes begin in the data
    /// @param end where they end, exclusive
    record Entry(DType dtype, Shape shape, long begin, long end) {}

    /// Reads and checks the header; every byte of the data then belongs to exactly one tensor.
    ///
    /// @throws MalformedWeightsException when the file breaks a rule of the format
    static SafetensorsHeader read(MemorySegment file) {
        refusePickle(file);
        if (file.byteSize() < LENGTH_BYTES) {
            throw malformed(Malformation.TOO_SHORT, "the file has " + file.byteSize() + " bytes");
        }
        long headerBytes = file.get(LENGTH, 0);
        if (headerBytes < 0 || headerBytes > Safetensors.MAX_HEADER_BYTES) {
            throw malformed(
                    Malformation.HEADER_TOO_LARGE,
                    "this is no safetensors file: its header would have "
                            + Long.toUnsignedString(headerBytes) + " bytes, at most "
                            + Safetensors.MAX_HEADER_BYTES + " are read");
        }
        if (headerBytes > file.byteSize() - LENGTH_BYTES) {
            throw malformed(
                    Malformation.HEADER_BEYOND_FILE,
                    "the header would have " + headerBytes + " bytes in a file of " + file.byteSize());
        }
        ByteBuffer json = file.asSlice(LENGTH_BYTES, headerBytes).asByteBuffer();
        SafetensorsHeader header = new HeaderParser(json).parse(LENGTH_BYTES + headerBytes);
        header.requireSeamless(file.byteSize() - header.dataStart);
        return header;
    }

    private void requireSeamless(long dataBytes) {
        List<Map.Entry<String, Entry>> ordered = entries.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Entry> named) ->
                                named.getValue().begin())
                        .thenComparingLong(named -> named.getValue().end()))
                .toList();
        long position = 0;
        for (Map.Entry<String, Entry> named : ordered) {
            Entry entry = named.getValue();
            if (entry.begin() < position) {
                throw malformed(Malformation.OVERLAP, named.getKey() + " begins inside another tensor");
            }
            if (entry.begin() > position) {
                throw malformed(
                        Malformation.HOLE,
                        (entry.begin() - position) + " bytes before " + named.getKey() + " belong to no tensor");
            }
            if (entry.end() > dataBytes) {
                throw malformed(
                        Malformation.DATA_BEYOND_FILE,
                        named.getKey() + " would end at byte " + entry.end() + " of " + dataBytes);
            }
            position = entry.end();
        }
        if (position < dataBytes) {
            throw malformed(
                    Malformation.TRAILING_BYTES,
                    (dataBytes - position) + " bytes after the last tensor belong to none");
        }
    }

    /// Refuses what Python's `pickle` and PyTorch's `save` write: a binary pickle (protocol 2 or later), a textual one
    /// (protocol 0 or 1), or a zip archive around one. Only a file that begins as safetensors begin is none.
    private static void refusePickle(MemorySegment file) {
        if (file.byteSize() < 4 || beginsWithHeader(file)) {
            return;
        }
        int first = file.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
        int second = file.get(ValueLayout.JAVA_BYTE, 1) & 0xFF;
        boolean zip = first == 'P' && second == 'K' && file.get(ValueLayout.JAVA_BYTE, 2) == 3;
        boolean binary = first == 0x80 && second >= 2 && second <= 5;
        boolean textual = TEXTUAL_PICKLES.indexOf(first) >= 0
                && file.get(ValueLayout.JAVA_BYTE, file.byteSize() - 1) == PICKLE_STOP;
        if (zip || binary || textual) {
            throw malformed(
                    Malformation.PICKLE,
                    "the file is a Python pickle, which is never read because reading one runs code;"
                            + " convert it to safetensors");
        }
    }

    private static boolean beginsWithHeader(MemorySegment file) {
        if (file.byteSize() <= LENGTH_BYTES) {
            return false;
        }
        long headerBytes = file.get(LENGTH, 0);
        return headerBytes > 0
                && headerBytes <= file.byteSize() - LENGTH_BYTES
                && file.get(ValueLayout.JAVA_BYTE, LENGTH_BYTES) == '{';
    }

    private static MalformedWeightsException malformed(Malformation malformation, String detail) {
        return new MalformedWeightsException(malformation, detail);
    }
}
