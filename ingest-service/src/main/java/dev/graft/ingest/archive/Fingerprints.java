package dev.graft.ingest.archive;

import java.util.Arrays;
import java.util.BitSet;

/// Finds the files of an archive whose bytes may be equal, by size and CRC-32, before any of them is read.
///
/// Eight bytes a file: a million files take 16 MB while they are sorted.
final class Fingerprints {
    private static final long NONE = -1;

    private long[] keys = new long[1_024];
    private int files;

    /// Adds the next file.
    ///
    /// @param sizeBytes below 2³¹
    /// @param checksum  32 bits
    void add(long sizeBytes, long checksum) {
        append(sizeBytes << 32 | checksum);
    }

    /// Adds the next file as one that is like no other.
    void addNone() {
        append(NONE);
    }

    private void append(long key) {
        if (files == keys.length) {
            keys = Arrays.copyOf(keys, 2 * files);
        }
        keys[files++] = key;
    }

    int files() {
        return files;
    }

    /// Gives the places of the files that have the key of another.
    BitSet repeated() {
        long[] sorted = Arrays.copyOf(keys, files);
        Arrays.sort(sorted);
        int twice = 0;
        for (int i = 1; i < files; i++) {
            boolean again = sorted[i] == sorted[i - 1] && sorted[i] != NONE;
            if (again && (twice == 0 || sorted[twice - 1] != sorted[i])) {
                sorted[twice++] = sorted[i];
            }
        }
        BitSet repeated = new BitSet(files);
        for (int i = 0; i < files && twice > 0; i++) {
            if (Arrays.binarySearch(sorted, 0, twice, keys[i]) >= 0) {
                repeated.set(i);
            }
        }
        return repeated;
    }
}
