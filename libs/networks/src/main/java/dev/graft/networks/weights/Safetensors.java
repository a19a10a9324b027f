package dev.graft.networks.weights;

import dev.graft.networks.network.Network;
import dev.graft.networks.network.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// An open safetensors file: validated once, then read in place. Safe for use by several threads at once; a
/// tensor of a mapped file that is read after [#close] fails with an `IllegalStateException`.
public final class Safetensors implements Weights, AutoCloseable {
    /// The longest header that is read; the reference implementation has the same limit.
    public static final long MAX_HEADER_BYTES = 100_000_000;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Runnable release;
    private final MemorySegment file;
    private final SafetensorsHeader header;

    private Safetensors(Runnable release, MemorySegment file) {
        this.release = release;
        this.file = file;
        this.header = SafetensorsHeader.read(file);
        requireFinite();
    }

    /// Maps a file into memory and validates it: the header, the place of every tensor, and that all numbers are
    /// finite.
    ///
    /// @throws MalformedWeightsException when the file breaks a rule
    /// @throws IOException when the file cannot be read
    public static Safetensors open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new Safetensors(arena::close, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// Validates a file that is already in memory; the bytes must not change afterwards, and closing does nothing.
    ///
    /// @throws MalformedWeightsException when the file breaks a rule
    public static Safetensors of(byte[] bytes) {
        return new Safetensors(() -> {}, MemorySegment.ofArray(bytes));
    }

    /// Returns the texts that the writer left.
    public Map<String, String> metadata() {
        return Map.copyOf(header.metadata());
    }

    @Override
    public Set<String> names() {
        return Set.copyOf(header.entries().keySet());
    }

    /// Returns the types and shapes of all tensors by name, such as `F32 32x3x3x3`.
    public SortedMap<String, String> describe() {
        SortedMap<String, String> described = new TreeMap<>();
        header.entries().forEach((name, entry) -> described.put(name, entry.dtype() + " " + entry.shape()));
        return described;
    }

    @Override
    public Shape shape(String name) {
        return entry(name).shape();
    }

    @Override
    public FloatTensor tensor(String name) {
        requireFloats(name);
        SafetensorsHeader.Entry entry = entry(name);
        MemorySegment data = data(entry);
        return entry.dtype() == DType.F32 ? new FloatTensor(entry.shape(), data) : widened(entry, data);
    }

    @Override
    public void requireFor(Network network) {
        Weights.super.requireFor(network);
        network.parameters().forEach(parameter -> requireFloats(parameter.name()));
    }

    /// Returns what the file declares.
    SafetensorsHeader header() {
        return header;
    }

    /// Returns the bytes before the data: the length of the header, and the header as it was written.
    MemorySegment beforeData() {
        return file.asSlice(0, header.dataStart());
    }

    /// Returns the bytes of a tensor of any type.
    ///
    /// @throws MalformedWeightsException `MISSING_TENSOR` when there is none of this name
    MemorySegment data(String name) {
        return data(entry(name));
    }

    /// Checks that a tensor holds floating-point numbers.
    ///
    /// @throws MalformedWeightsException `MISSING_TENSOR` or `WRONG_DTYPE`
    void requireFloats(String name) {
        DType type = entry(name).dtype();
        if (!type.isFloat()) {
            throw new MalformedWeightsException(Malformation.WRONG_DTYPE, name + " has elements of type " + type);
        }
    }

    /// Unmaps the file.
    @Override
    public void close() {
        release.run();
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new MalformedWeightsException(Malformation.MISSING_TENSOR, name + " is not there");
        }
        return entry;
    }

    private MemorySegment data(SafetensorsHeader.Entry entry) {
        return file.asSlice(header.dataStart() + entry.begin(), entry.end() - entry.begin());
    }

    private static FloatTensor widened(SafetensorsHeader.Entry entry, MemorySegment data) {
        float[] values = new float[Math.toIntExact(entry.shape().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (entry.dtype()) {
                case F16 -> Float.float16ToFloat(data.get(SHORT, 2L * i));
                case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2L * i) << 16);
                default -> (float) data.get(DOUBLE, 8L * i);
            };
        }
        return FloatTensor.of(entry.shape(), values);
    }

    /// A number is infinite or not a number when all bits of its exponent are set.
    private void requireFinite() {
        header.entries().forEach((name, entry) -> {
            MemorySegment data = data(entry);
            boolean finite = switch (entry.dtype()) {
                case F16 -> finiteShorts(data, 0x7C00);
                case BF16 -> finiteShorts(data, 0x7F80);
                case F32 -> new FloatTensor(entry.shape(), data).isFinite();
                case F64 -> finiteDoubles(data);
                case BOOL, U8, I8, U16, I16, U32, I32, U64, I64 -> true;
            };
            if (!finite) {
                throw new MalformedWeightsException(
                        Malformation.NOT_FINITE, name + " holds a value that is infinite or not a number");
            }
        });
    }

    private static boolean finiteShorts(MemorySegment data, int exponent) {
        boolean finite = true;
        for (long at = 0; at < data.byteSize(); at += Short.BYTES) {
            finite &= (data.get(SHORT, at) & exponent) != exponent;
        }
        return finite;
    }

    /// Doubles must stay finite when they are narrowed to float32.
    private static boolean finiteDoubles(MemorySegment data) {
        boolean finite = true;
        for (long at = 0; at < data.byteSize(); at += Double.BYTES) {
            finite &= Float.isFinite((float) data.get(DOUBLE, at));
        }
        return finite;
    }
}
