package dev.graft.objectstore;

import java.nio.charset.StandardCharsets;

/// The one rule for keys, the same for every implementation.
final class KeyRules {

    private static final int MAX_KEY_BYTES = 1_024;
    private static final int MAX_SEGMENT_BYTES = 200;

    private KeyRules() {}

    static String check(String key) {
        if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("An object key has 1 to 1,024 bytes: '" + key + "'");
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT_BYTES) {
                throw new IllegalArgumentException(
                        "An object key has segments of 1 to 200 bytes, none '.' or '..': '" + key + "'");
            }
        }
        return key;
    }

    static void checkRange(long offsetBytes, int lengthBytes) {
        if (offsetBytes < 0 || lengthBytes < 1) {
            throw new IllegalArgumentException("Not a range: " + lengthBytes + " bytes from " + offsetBytes);
        }
    }

    static void checkConditional(ObjectContent content) {
        if (content.sizeBytes() > ObjectContent.MAX_CONDITIONAL_SIZE_BYTES) {
            throw new IllegalArgumentException("Too large for a conditional put: " + content.sizeBytes() + " bytes");
        }
    }
}
