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
        SortedMap<String, FloatTensor> ordered = new TreeMap<>(tensors);
        if (ordered.containsKey(HeaderParser.METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be named " + HeaderParser.METADATA);
        }
        SafetensorsOutput.requireFinite(ordered);
        SafetensorsOutput file = new SafetensorsOutput(out);
        file.writeHeader(SafetensorsOutput.header(new TreeMap<>(metadata), entries(ordered)));
        for (FloatTensor tensor : ordered.values()) {
            file.write(tensor.data());
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
