package dev.graft.cli.hub;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which piece of a file an answer holds, by its header `Content-Range` (RFC 9110, section 14.4).
///
/// @param fromBytes  where the piece begins; -1 when the answer holds none
/// @param totalBytes of the whole file
record ContentRange(long fromBytes, long totalBytes) {
    /// Numbers of at most 18 digits, which a `long` always holds.
    private static final Pattern FORM = Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18})");

    /// Reads the header; gives nothing when it is missing or of another form.
    static @Nullable ContentRange of(HttpResponse<?> answer) {
        Matcher range =
                FORM.matcher(answer.headers().firstValue("Content-Range").orElse(""));
        if (!range.matches()) {
            return null;
        }
        String from = range.group(1);
        return new ContentRange(from == null ? -1 : Long.parseLong(from), Long.parseLong(range.group(2)));
    }
}
