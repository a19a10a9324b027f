package dev.graft.contracts;

import java.util.regex.Pattern;

/// Checks image identities.
public final class ImageIds {
    private static final String ID = "[0-9a-f]{64}";

    /// The form of an image id, as a regular expression for a whole text.
    public static final String PATTERN = "^" + ID + "$";

    /// The form of an image id, or of an empty text.
    public static final String PATTERN_OR_EMPTY = "^(" + ID + ")?$";

    private static final Pattern SHA_256_HEX = Pattern.compile(ID);

    private ImageIds() {}

    /// Returns whether `text` has the form of an image id: a SHA-256 in lower-case hex.
    public static boolean isValid(String text) {
        return SHA_256_HEX.matcher(text).matches();
    }

    /// Returns `text` when it is an image id.
    ///
    /// @throws IllegalArgumentException when it is not
    public static String check(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not an image id (64 lower-case hex digits): " + text);
        }
        return text;
    }
}
