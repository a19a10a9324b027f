package dev.graft.trainer.finetune;

import dev.graft.networks.weights.HalfFloats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Rows of numbers in a mapped file, one for each image: what the tunable part takes. They are kept in half
/// precision, which a row is rounded to when it is written, or in float32 where a number is too large for that. The
/// file is removed when this is closed. Different rows may be written by several threads at once; reading follows.
final class Rows implements AutoCloseable {
    private final Path file;
    private final Arena arena;
    private final MemorySegment memory;
    private final int floats;
    private final int floatBytes;

    private Rows(Path file, Arena arena, MemorySegment memory, int floats, int floatBytes) {
        this.file = file;
        this.arena = arena;
        this.memory = memory;
        this.floats = floats;
        this.floatBytes = floatBytes;
    }

    /// Makes rows of zeros.
    ///
    /// @param file where they lie; written over
    /// @param count number of rows
    /// @param floats numbers of a row
    /// @param half whether they are kept in half precision
    static Rows create(Path file, int count, int floats, boolean half) {
        int floatBytes = half ? Short.BYTES : Float.BYTES;
        Arena arena = Arena.ofShared();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            long size = sizeBytes(count, floats, half);
            return new Rows(
                    file, arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena), floats, floatBytes);
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException("no rows can be kept in " + file, e);
        }
    }

    /// Returns how many numbers a row has.
    int floats() {
        return floats;
    }

    /// Returns how much room rows take.
    static long sizeBytes(long count, long floats, boolean half) {
        return count * floats * (half ? Short.BYTES : Float.BYTES);
    }

    /// Returns whether numbers can be kept in half precision.
    static boolean fitHalf(float[] numbers) {
        return HalfFloats.fit(MemorySegment.ofArray(numbers));
    }

    /// Writes some rows one after another.
    ///
    /// @param first index of the first row
    /// @param numbers float32 `[rows, floats]`
    void write(int first, float[] numbers) {
        MemorySegment source = MemorySegment.ofArray(numbers);
        MemorySegment target = memory.asSlice((long) first * floats * floatBytes, (long) numbers.length * floatBytes);
        if (floatBytes == Short.BYTES) {
            HalfFloats.narrow(source, target);
        } else {
            target.copyFrom(source);
        }
    }

    /// Reads rows.
    ///
    /// @param indices of the rows
    /// @param target receives float32 `[indices, floats]` from its position, which stays
    void read(int[] indices, FloatBuffer target) {
        MemorySegment to = MemorySegment.ofBuffer(target);
        for (int i = 0; i < indices.length; i++) {
            MemorySegment row = memory.asSlice((long) indices[i] * floats * floatBytes, (long) floats * floatBytes);
            MemorySegment place = to.asSlice((long) i * floats * Float.BYTES, (long) floats * Float.BYTES);
            if (floatBytes == Short.BYTES) {
                HalfFloats.widen(row, place);
            } else {
                place.copyFrom(row);
            }
        }
    }

    @Override
    public void close() {
        arena.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("rows stay in " + file, e);
        }
    }
}
