package dev.graft.backbones;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Computes and checks SHA-256 digests in lower-case hex.
public final class Digests {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private Digests() {}

    /// Returns the digest of a text in UTF-8.
    public static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Checks that a text is a digest.
    ///
    /// @throws IllegalArgumentException when it is not
    public static void requireSha256(String digest) {
        if (!SHA256.matcher(digest).matches()) {
            throw new IllegalArgumentException("'" + digest + "' is not a SHA-256 in lower-case hex");
        }
    }
}
