package dev.graft.stack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Quotes the end of a log in a message.
final class LogTail {
    private static final int QUOTED_BYTES = 800;

    private LogTail() {}

    /// Gives the last lines, led in; nothing when there are none.
    static String quote(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            int lengthBytes = (int) Math.min(QUOTED_BYTES, file.length());
            byte[] bytes = new byte[lengthBytes];
            file.seek(file.length() - lengthBytes);
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            boolean cut = lengthBytes == QUOTED_BYTES && text.indexOf('\n') >= 0;
            String lines = cut ? text.substring(text.indexOf('\n') + 1) : text;
            return lines.isEmpty() ? "" : " Its last words:\n" + lines.indent(4).stripTrailing();
        } catch (IOException none) {
            return "";
        }
    }
}
