package dev.graft.vision.augment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A sequence of numbers that looks random and follows from what it is for, of which there is nothing to
/// keep: asked again, it gives the same numbers, in any thread, in any order, on any machine.
///
/// The sequence is that of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
/// OOPSLA 2014; constants of Vigna's `splitmix64.c`). Its state is at first the first eight bytes, most
/// significant first, of the SHA-256 of the UTF-8 text
///
///     graft.augment 1⏎PURPOSE⏎SEED⏎EPOCH⏎KEY
///
/// where ⏎ is one line feed, and the numbers are signed decimals.
///
/// A draw moves on with every number: it belongs to one thread.
public final class Draw {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT_OF_53_BITS = 0x1p-53;

    private long state;

    Draw(long state) {
        this.state = state;
    }

    /// Begins a sequence.
    ///
    /// @param purpose what the numbers decide, such as `rotation`; one line
    /// @param seed that of the run
    /// @param epoch the pass over the images, or the number of the variant
    /// @param key what they decide it for: an image's id, or the number of a step
    /// @throws IllegalArgumentException when the purpose has several lines
    public static Draw of(String purpose, long seed, long epoch, String key) {
        if (purpose.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("A purpose is one line");
        }
        byte[] digest = sha256("graft.augment 1\n" + purpose + "\n" + seed + "\n" + epoch + "\n" + key);
        return new Draw(ByteBuffer.wrap(digest).getLong());
    }

    /// Returns the next 64 bits.
    public long bits() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// Returns a number of at least 0 and below 1: the upper 53 of the next bits, times 2⁻⁵³.
    public double unit() {
        return (bits() >>> 11) * UNIT_OF_53_BITS;
    }

    /// Returns a number between two others: low + (high − low) · [#unit()].
    public double uniform(double low, double high) {
        return low + (high - low) * unit();
    }

    /// Returns a whole number of at least 0 and below a bound: the whole part of bound · [#unit()].
    public int below(int bound) {
        return (int) (bound * unit());
    }

    /// Returns true with a probability: whether [#unit()] is below it.
    public boolean happens(double probability) {
        return unit() < probability;
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
