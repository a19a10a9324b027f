package dev.graft.trainer.finetune;

import dev.graft.networks.weights.HalfFloats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Rows of numbers in a file, one for each image: what the tunable part takes. They are kept in half precision,
/// which a row is rounded to when it is written, or in float32 where a number is too large for that. Written through
/// the file, where a full disk is an exception, and read where they are mapped, where it would end the thread
/// anywhere. The file is removed when this is closed. Different rows may be written by several threads at once;
/// reading follows.
final class Rows implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Arena arena;
    private final MemorySegment memory;
    private final int floats;
    private final int floatBytes;

    private Rows(Path file, FileChannel channel, Arena arena, MemorySegment memory, int floats, int floatBytes) {
        this.file = file;
        this.channel = channel;
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
        Arena arena = Arena.ofShared();
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            try {
                long size = sizeBytes(count, floats, half);
                int unused = channel.write(ByteBuffer.allocate(1), size - 1);
                MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
                return new Rows(file, channel, arena, memory, floats, half ? Short.BYTES : Float.BYTES);
            } catch (IOException e) {
                channel.close();
                Files.deleteIfExists(file);
                throw e;
            }
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
    /// @throws UncheckedIOException when the disk is full
    void write(int first, float[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * floatBytes);
        MemorySegment source = MemorySegment.ofArray(numbers);
        MemorySegment target = MemorySegment.ofBuffer(bytes);
        if (floatBytes == Short.BYTES) {
            HalfFloats.narrow(source, target);
        } else {
            target.copyFrom(source);
        }
        long position = (long) first * floats * floatBytes;
        try {
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("rows cannot be written to " + file, e);
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
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("rows stay in " + file, e);
        }
    }
}
