package dev.graft.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Holds the secrets of one data directory, drawn at random when it is made.
///
/// @param accessKey        of the object store
/// @param secretKey        of the object store
/// @param databasePassword of the services' role
record Credentials(String accessKey, String secretKey, String databasePassword) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECRET_BYTES = 24;

    /// What the file holds. One of an earlier version has no password of the database.
    private record Kept(
            @Nullable String accessKey,
            @Nullable String secretKey,
            @Nullable String databasePassword) {
        /// Draws what is missing.
        Credentials completed() {
            SecureRandom random = new SecureRandom();
            return new Credentials(
                    drawnUnless(accessKey, random),
                    drawnUnless(secretKey, random),
                    drawnUnless(databasePassword, random));
        }
    }

    /// Reads the secrets, or draws those that are missing and keeps them in a file that only its owner may read.
    ///
    /// @throws IOException when the file can be neither read nor written
    static Credentials of(DataDirectory data) throws IOException {
        Path file = data.credentials();
        Kept kept =
                Files.exists(file) ? JSON.readValue(Files.readAllBytes(file), Kept.class) : new Kept(null, null, null);
        Credentials whole = kept.completed();
        if (kept.databasePassword() == null) {
            Path fresh = Files.createTempFile(
                    data.root(),
                    "credentials",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, JSON.writeValueAsBytes(whole));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return whole;
    }

    private static String drawnUnless(@Nullable String known, SecureRandom random) {
        if (known != null) {
            return known;
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
