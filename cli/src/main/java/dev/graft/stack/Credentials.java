package dev.graft.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Holds the secrets of one data directory, drawn at random when it is made.
///
/// @param accessKey of the object store
/// @param secretKey of the object store
record Credentials(String accessKey, String secretKey) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECRET_BYTES = 24;

    /// Reads the secrets, or draws them and keeps them in a file that only its owner may read.
    ///
    /// @throws IOException when the file can be neither read nor written
    static Credentials of(DataDirectory data) throws IOException {
        Path file = data.credentials();
        if (!Files.exists(file)) {
            Path fresh = Files.createTempFile(
                    data.root(),
                    "credentials",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, JSON.writeValueAsBytes(draw()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return JSON.readValue(Files.readAllBytes(file), Credentials.class);
    }

    private static Credentials draw() {
        SecureRandom random = new SecureRandom();
        return new Credentials(secret(random), secret(random));
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
