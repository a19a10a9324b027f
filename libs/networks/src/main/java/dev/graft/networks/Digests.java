package dev.graft.networks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
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
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Returns the digest of a stream, which is read to its end and left open.
    ///
    /// @throws IOException when the stream cannot be read
    public static String sha256(InputStream stream) throws IOException {
        DigestInputStream read = new DigestInputStream(stream, sha256());
        read.transferTo(OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(read.getMessageDigest().digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
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
