package dev.graft.ingest.membership;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds and cleans the names that senders give files. A name is only shown, never used as a path.
final class FileNames {
    private static final int MAX_LENGTH = 1_024;
    private static final Pattern DISPOSITION = Pattern.compile("(?i)filename\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]+))");

    private FileNames() {}

    /// Gives the name in a `Content-Disposition` header (RFC 6266); absent when it has none.
    static @Nullable String ofDisposition(@Nullable String header) {
        if (header == null) {
            return null;
        }
        Matcher matcher = DISPOSITION.matcher(header);
        if (!matcher.find()) {
            return null;
        }
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    /// Gives a name that can be stored and shown; absent when nothing is left.
    static @Nullable String clean(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return null;
        }
        String printable = Normalizer.normalize(name, Normalizer.Form.NFC).replaceAll("\\p{Cntrl}", "\uFFFD");
        return printable.length() <= MAX_LENGTH ? printable : printable.substring(printable.length() - MAX_LENGTH);
    }
}
