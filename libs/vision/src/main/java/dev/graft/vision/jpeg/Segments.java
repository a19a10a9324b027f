package dev.graft.vision.jpeg;

import java.util.Arrays;

/// Walks the marker segments of a file (T.81, B.1.1). Like libjpeg it passes over bytes between segments that belong to
/// none.
final class Segments {
    static final int END_OF_FILE = -1;

    private final byte[] file;
    private int position;
    private int end;

    Segments(byte[] file, int position) {
        this.file = file;
        this.position = position;
    }

    /// Goes to the next marker and returns its second byte, or [#END_OF_FILE].
    int nextMarker() {
        while (position + 1 < file.length) {
            int code = file[position + 1] & 0xFF;
            if (file[position] == (byte) 0xFF && code != 0 && code != 0xFF) {
                position += 2;
                return code;
            }
            position++;
        }
        return END_OF_FILE;
    }

    /// Reads the length of the segment whose marker was just returned.
    void enter() throws JpegException {
        int length = remainingIn(file.length) < 2 ? 0 : u16();
        if (length < 2) {
            throw position >= file.length
                    ? JpegException.truncated("it ends within a segment of its header")
                    : JpegException.corrupt("a segment of its header has an impossible length");
        }
        end = position + length - 2;
        if (end > file.length) {
            throw JpegException.truncated("it ends within a segment of its header");
        }
    }

    /// Goes behind the segment.
    void leave() {
        position = end;
    }

    /// Goes to a place in the file.
    void moveTo(int filePosition) {
        position = filePosition;
    }

    int position() {
        return position;
    }

    /// Returns the number of unread bytes of the segment.
    int remaining() {
        return remainingIn(end);
    }

    private int remainingIn(int limit) {
        return limit - position;
    }

    void require(int bytes) throws JpegException {
        if (remaining() < bytes) {
            throw JpegException.corrupt("a segment of its header is too short");
        }
    }

    int u8() {
        return file[position++] & 0xFF;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    byte[] bytes(int length) {
        byte[] copy = Arrays.copyOfRange(file, position, position + length);
        position += length;
        return copy;
    }

    /// Whether the unread bytes of the segment begin with these.
    boolean startsWith(String ascii) {
        if (remaining() < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (file[position + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
