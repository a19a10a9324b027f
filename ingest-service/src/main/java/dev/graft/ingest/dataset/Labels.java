package dev.graft.ingest.dataset;

import java.text.Normalizer;
import java.util.Optional;

/// Says what may be a label: 1 to 200 characters, none of them a control character, no blank at an end.
///
/// A label is composed (NFC) where it comes in. Systems differ in whether they write an accent with its letter
/// or after it, and two labels that look the same must not be two classes.
public final class Labels {
    /// The most characters of a label.
    public static final int MAX_LENGTH = 200;

    /// Says in documents what [#complaint] checks: no control character, and no blank at an end. Lengths and halves of
    /// characters are another matter.
    public static final String PATTERN =
            "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]([^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$";

    private Labels() {}

    /// Gives the form in which a label is kept and compared.
    public static String composed(String label) {
        return Normalizer.normalize(label, Normalizer.Form.NFC);
    }

    /// Says in a sentence for users what is wrong with a label; empty when nothing is.
    public static Optional<String> complaint(String label) {
        if (label.isBlank()) {
            return Optional.of("A label must not be blank.");
        }
        if (label.length() > MAX_LENGTH) {
            return Optional.of("A label has at most %d characters, not %d.".formatted(MAX_LENGTH, label.length()));
        }
        if (!label.equals(label.strip()) || label.codePoints().anyMatch(Labels::isForbidden)) {
            return Optional.of("A label has no control characters, no half characters, and no blanks at its ends.");
        }
        return Optional.empty();
    }

    /// Half of a surrogate pair is no character: it could be neither stored nor published.
    private static boolean isForbidden(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }
}
