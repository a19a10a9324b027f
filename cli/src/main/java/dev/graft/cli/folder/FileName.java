package dev.graft.cli.folder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/// The name of a file below a folder, as the file system keeps it.
///
/// Names are bytes, in UTF-8 on nearly every system, whatever the locale says. The JVM decodes them by the locale and
/// replaces what it cannot decode, so that two folders may seem to have one name; the bytes themselves it gives away
/// only in the file's URI.
///
/// @param text    the path below the folder, separated by slashes; when it is not UTF-8, one character for each
///     byte
/// @param decoded whether the bytes are UTF-8
public record FileName(String text, boolean decoded) {
    private static final char REPLACEMENT = '\uFFFD';

    /// Gives the name of a file that was found below a folder.
    static FileName below(Path root, Path file) {
        String text = root.relativize(file).toString().replace(File.separatorChar, '/');
        return text.indexOf(REPLACEMENT) < 0 && text.indexOf('?') < 0 ? new FileName(text, true) : ofBytes(root, file);
    }

    private static FileName ofBytes(Path root, Path file) {
        String above = root.toUri().getRawPath();
        String whole = file.toUri().getRawPath();
        byte[] name = unescaped(whole.substring(above.endsWith("/") ? above.length() : above.length() + 1));
        try {
            return new FileName(UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString(), true);
        } catch (CharacterCodingException notUtf8) {
            return new FileName(new String(name, ISO_8859_1), false);
        }
    }

    private static byte[] unescaped(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '%') {
                bytes.write(Integer.parseInt(path, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(path.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
