package dev.graft.ingest.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.messaging.Transactions;
import dev.graft.testkit.ShippedService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Kills the service in the middle of an import.
final class KilledImport {
    private static final Duration START = Duration.ofMinutes(1);
    private static final Path LOG = Path.of("target", "killed-import.log");

    private KilledImport() {}

    /// Lets the service as it is shipped work on an import, and sends it SIGKILL once so many files are dealt
    /// with.
    ///
    /// @return how many are
    static long at(Transactions transactions, UUID importId, long files) throws Exception {
        Files.deleteIfExists(LOG);
        ShippedService service = ShippedService.start(
                LOG,
                List.of(
                        "-Dgraft.ingest.imports.files-per-chunk=" + ImportResumptionIT.FILES_PER_CHUNK,
                        "-Dgraft.ingest.imports.max-attempts=" + ImportResumptionIT.MAX_ATTEMPTS,
                        "-Dgraft.ingest.imports.lease=4s"));
        try {
            await().atMost(START)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> position(transactions, importId) >= files);
        } finally {
            assertThat(service.kill()).as("exit of a killed process").isEqualTo(128 + 9);
        }
        return position(transactions, importId);
    }

    private static long position(Transactions transactions, UUID importId) {
        return transactions.call(
                session -> session.createNativeQuery("select next_ordinal from import_job where id = :id", Long.class)
                        .setParameter("id", importId)
                        .getSingleResult());
    }
}
