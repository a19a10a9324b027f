package dev.graft.ingest.imports;

import static dev.graft.ingest.imports.ImportResumptionIT.MAX_ATTEMPTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.ingest.Archives;
import dev.graft.ingest.Images;
import dev.graft.ingest.Service;
import dev.graft.ingest.intake.FaultyChecker;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.JobRunner;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.LargeImages;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of an import when one of its files ends the process, or breaks the check off: the file is
/// refused, and the others are imported. The test is the worker, or the service as it is shipped, which is
/// killed.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ImportResumptionIT.NoWorkers.class)
class ImportFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int SIDE_PIXELS = 7_000;

    @Inject
    FaultyChecker checker;

    @Inject
    JobRunner runner;

    @Inject
    Transactions transactions;

    /// Files are imported four at a time. The seventh is at work when the process is killed for the first time,
    /// and it is alone when it is killed for the second time; the third death is that of a worker who gives no
    /// sign of life.
    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void refusesTheFileThatEndsItsProcessAndImportsTheOthers() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            files.put("ants/%02d.png".formatted(i), i == 6 ? LargeImages.diagonalPng(SIDE_PIXELS) : Images.png());
        }
        UUID importId = start(files);

        assertThat(KilledImport.at(transactions, importId, 4)).isEqualTo(4);
        assertThat(KilledImport.at(transactions, importId, 6)).isEqualTo(6);
        assertThat(claim(importId).number()).isEqualTo(MAX_ATTEMPTS);
        Attempt last = claim(importId);
        assertThat(last.number()).isEqualTo(MAX_ATTEMPTS + 1);
        runner.work(last);

        assertUncheckable(Service.ended(importId.toString()), List.of("ants/06.png"), 11);
    }

    /// The attempt that refuses the first of two such files comes further, so that the second one has as many
    /// again.
    @Test
    void refusesTheFilesAtWhichTheCheckBreaksOffAndImportsTheOthers() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            files.put("ants/%02d.png".formatted(i), Images.png());
        }
        checker.breakAt(List.of(files.get("ants/00.png"), files.get("ants/03.png")));
        UUID importId = start(files);

        for (int attempt = 1; attempt <= 2 * MAX_ATTEMPTS + 1; attempt++) {
            runner.work(claim(importId));
        }

        assertUncheckable(Service.ended(importId.toString()), List.of("ants/00.png", "ants/03.png"), 4);
    }

    @Test
    void countsNoAttemptThatFoundTheDecoderBusy() throws Exception {
        byte[] file = Images.png();
        checker.beBusyAt(file, MAX_ATTEMPTS + 2);
        UUID importId = start(Map.of("ants/1.png", file));

        while (checker.busyChecks() > 0) {
            Attempt attempt = claim(importId);
            assertThat(attempt.number()).isEqualTo(1);
            runner.work(attempt);
        }

        runner.work(claim(importId));
        assertThat(Service.ended(importId.toString()).getInt("accepted")).isEqualTo(1);
    }

    /// Ten such files show that the fault is not theirs.
    @Test
    void givesUpAnImportThatEndsAtFileAfterFile() throws Exception {
        UUID importId = start(Map.of("ants/1.png", Images.png()));
        int rows = transactions.call(session -> session.createNativeQuery(
                        "insert into import_finding (import_id, kind, files) values (:id, :kind, 10)")
                .setParameter("id", importId)
                .setParameter("kind", ProblemType.IMAGE_UNCHECKABLE.uri().toString())
                .executeUpdate());
        assertThat(rows).isEqualTo(1);

        runner.work(claim(importId));

        JsonPath view = Service.ended(importId.toString());
        assertThat(view.getString("state")).isEqualTo("FAILED");
        assertThat(view.getString("detail")).contains("The checks of 10 files in it broke off");
    }

    private static void assertUncheckable(JsonPath view, List<String> files, int others) {
        assertThat(view.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(view.getInt("accepted")).isEqualTo(others);
        assertThat(view.getList("rejected.file")).isEqualTo(files);
        assertThat(view.getList("rejected.type", String.class))
                .containsOnly(ProblemType.IMAGE_UNCHECKABLE.uri().toString());
        assertThat(view.getString("rejected[0].detail")).contains("broke off %d times".formatted(MAX_ATTEMPTS));
    }

    private static UUID start(Map<String, byte[]> files) {
        return UUID.fromString(Service.send(Service.dataset(), Archives.tar(files))
                .statusCode(202)
                .extract()
                .path("id"));
    }

    private Attempt claim(UUID importId) {
        // An earlier test may have queued another.
        return await().atMost(PATIENCE)
                .until(
                        () -> runner.claim(ImportJobs.KIND),
                        claimed -> claimed.map(Attempt::jobId).equals(Optional.of(importId.toString())))
                .orElseThrow();
    }
}
