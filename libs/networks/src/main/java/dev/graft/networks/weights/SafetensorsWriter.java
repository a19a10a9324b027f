package dev.graft.networks.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes safetensors files of float32 tensors. The bytes depend on nothing but what is written: keys and
/// tensors are in the order of their names. Stateless.
public final class SafetensorsWriter {
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
        SortedMap<String, FloatTensor> ordered = ordered(tensors);
        write(out, header(metadata, ordered), ordered);
    }

    /// Makes a file in memory, which takes the room of the file and no more: it may be as large as the memory that is
    /// left.
    ///
    /// @param metadata texts to leave in the header
    /// @param tensors the tensors by name
    /// @throws MalformedWeightsException as [#write]
    /// @throws IllegalArgumentException as [#write]
    /// @throws ArithmeticException when it is larger than an array can be
    public static byte[] toBytes(Map<String, String> metadata, Map<String, FloatTensor> tensors) {
        SortedMap<String, FloatTensor> ordered = ordered(tensors);
        try {
            byte[] header = header(metadata, ordered);
            long data = ordered.values().stream()
                    .mapToLong(tensor -> tensor.data().byteSize())
                    .sum();
            WholeArray bytes = new WholeArray(Math.toIntExact(SafetensorsHeader.LENGTH_BYTES + header.length + data));
            write(bytes, header, ordered);
            return bytes.array();
        } catch (IOException e) {
            throw new UncheckedIOException("an array refused bytes", e);
        }
    }

    private static SortedMap<String, FloatTensor> ordered(Map<String, FloatTensor> tensors) {
        if (tensors.containsKey(HeaderParser.METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be named " + HeaderParser.METADATA);
        }
        SortedMap<String, FloatTensor> ordered = new TreeMap<>(tensors);
        SafetensorsOutput.requireFinite(ordered);
        return ordered;
    }

    private static byte[] header(Map<String, String> metadata, SortedMap<String, FloatTensor> tensors)
            throws IOException {
        return SafetensorsOutput.header(new TreeMap<>(metadata), entries(tensors));
    }

    private static void write(OutputStream out, byte[] header, SortedMap<String, FloatTensor> tensors)
            throws IOException {
        SafetensorsOutput file = new SafetensorsOutput(out);
        file.writeHeader(header);
        for (FloatTensor tensor : tensors.values()) {
            file.write(tensor.data());
        }
    }

    /// Fills an array of which the size is known.
    private static final class WholeArray extends ByteArrayOutputStream {
        WholeArray(int size) {
            super(size);
        }

        byte[] array() {
            if (count != buf.length) {
                throw new IllegalStateException("%d bytes instead of %d".formatted(count, buf.length));
            }
            return buf;
        }
    }

    private static Map<String, SafetensorsHeader.Entry> entries(SortedMap<String, FloatTensor> tensors) {
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long position = 0;
        for (Map.Entry<String, FloatTensor> named : tensors.entrySet()) {
            FloatTensor tensor = named.getValue();
            long end = position + tensor.data().byteSize();
            entries.put(named.getKey(), new SafetensorsHeader.Entry(DType.F32, tensor.shape(), position, end));
            position = end;
        }
        return entries;
    }
}
