package dev.graft.ingest.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.ImageLabelled;
import dev.graft.contracts.ImageRejected;
import dev.graft.contracts.Topics;
import dev.graft.ingest.Archives;
import dev.graft.ingest.Images;
import dev.graft.ingest.PublishedEvents;
import dev.graft.ingest.Service;
import dev.graft.ingest.intake.FaultyChecker;
import dev.graft.jobs.Attempt;
import dev.graft.jobs.AttemptOverException;
import dev.graft.jobs.JobKind;
import dev.graft.jobs.JobRunner;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs without workers of the service's own: the test is the worker, or the service as it is shipped, which is killed.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@TestProfile(ImportResumptionIT.NoWorkers.class)
class ImportResumptionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int FILES = 60;
    static final int MAX_ATTEMPTS = 2;
    static final int FILES_PER_CHUNK = 4;

    public static class NoWorkers implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "graft.ingest.imports.workers", "0",
                    "graft.ingest.imports.max-attempts", Integer.toString(MAX_ATTEMPTS),
                    "graft.ingest.imports.files-per-chunk", Integer.toString(FILES_PER_CHUNK),
                    "graft.ingest.imports.lease", "1s",
                    "graft.ingest.imports.heartbeat", "300ms");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(FaultyChecker.class);
        }
    }

    @TestHTTPResource("/v1/imports/")
    URI imports;

    @Inject
    ImportJobs jobs;

    @Inject
    ImportArchives archives;

    @Inject
    ImportRun run;

    @Inject
    JobRunner runner;

    @Inject
    Transactions transactions;

    @Inject
    ScratchFolder scratch;

    @Inject
    ImportProgress progress;

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void goesOnWhereAProcessWasKilledAndEndsAsIfItHadNot() throws Exception {
        Map<String, byte[]> files = files();
        String undisturbed = Service.dataset();
        JsonPath expected = finished(start(undisturbed, files));
        String dataset = Service.dataset();
        Map<String, byte[]> others = files();
        UUID importId = start(dataset, others);

        long stoppedAt = KilledImport.at(transactions, importId, 1);
        assertThat(stoppedAt).isBetween(1L, FILES - 1L);
        assertThat(next()).isEmpty();
        Attempt second =
                await().atMost(PATIENCE).until(this::next, Optional::isPresent).orElseThrow();
        assertThat(work(second).nextOrdinal()).isEqualTo(stoppedAt);
        assertThat(second.token()).isEqualTo(2);
        runner.work(second);

        JsonPath view = Service.ended(importId.toString());
        for (String member :
                new String[] {"state", "images", "accepted", "duplicates", "rejectedTotal", "total", "classes"}) {
            assertThat(view.<Object>get(member)).as(member).isEqualTo(expected.get(member));
        }
        assertThat(view.getList("rejected.file")).isEqualTo(expected.getList("rejected.file"));
        assertThat(view.getInt("images")).isEqualTo(FILES);
        assertPublishedOnce(dataset, others, view);
    }

    @Test
    void refusesWhatAWorkerWritesThatLostItsLease() throws Exception {
        UUID importId = start(Service.dataset(), files());
        Attempt stale = claim(importId);
        ImportWork staleWork = work(stale);
        Attempt fresh =
                await().atMost(PATIENCE).until(this::next, Optional::isPresent).orElseThrow();
        Path archive = archives.fetch(importId);

        assertThatThrownBy(() -> run.run(staleWork, archive)).isInstanceOf(AttemptOverException.class);
        assertThatThrownBy(() -> progress.complete(staleWork)).isInstanceOf(AttemptOverException.class);
        runner.work(stale);
        assertThat(io.restassured.RestAssured.get("/v1/imports/{id}", importId)
                        .jsonPath()
                        .getInt("images"))
                .isZero();

        runner.work(fresh);
        archives.discard(archive);
        assertThat(Service.ended(importId.toString()).getInt("images")).isEqualTo(FILES);
    }

    @Test
    void letsTwoWorkersThatBothThinkTheyHaveTheJobDoItOnce() throws Exception {
        String dataset = Service.dataset();
        Map<String, byte[]> files = files();
        UUID importId = start(dataset, files);
        ImportWork stale = work(claim(importId));
        Path archive = archives.fetch(importId);
        Thread slow = Thread.ofPlatform().start(() -> {
            try {
                run.run(stale, archive);
            } catch (AttemptOverException lost) {
                Thread.currentThread().interrupt();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        Optional<Attempt> fresh =
                await().atMost(PATIENCE).until(this::next, claimed -> claimed.isPresent() || !slow.isAlive());

        if (fresh.isPresent()) {
            runner.work(fresh.get());
        }
        slow.join(Duration.ofSeconds(60));

        JsonPath view = Service.ended(importId.toString());
        assertThat(view.getInt("images")).isEqualTo(FILES);
        assertPublishedOnce(dataset, files, view);
        archives.discard(archive);
    }

    @Test
    @Timeout(60)
    void keepsAFollowersConnectionAliveAndEndsItWithTheImport() throws Exception {
        UUID importId = start(Service.dataset(), files());
        HttpRequest follow =
                HttpRequest.newBuilder(imports.resolve(importId + "/events")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Iterator<String> lines = client.send(follow, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .iterator();
            String first = lines.next();
            first = first.startsWith("data:") ? first : lines.next();
            assertThat(first).startsWith("data:").contains("\"state\":\"QUEUED\"");
            for (int beats = 0; beats < 2; ) {
                String line = lines.next();
                assertThat(line).doesNotStartWith("data:");
                beats += line.startsWith(":") ? 1 : 0;
            }

            finished(importId);

            String last = "";
            while (lines.hasNext()) {
                String line = lines.next();
                last = line.startsWith("data:") ? line : last;
            }
            assertThat(last).contains("\"state\":\"SUCCEEDED\"");
        }
    }

    /// The disk is the worker's own, no backend that comes back.
    @Test
    void failsAnImportWhoseArchiveTheDiskDoesNotTake() throws Exception {
        UUID importId = start(Service.dataset(), files());
        Path probe = scratch.create(".probe");
        Path folder = Objects.requireNonNull(probe.getParent());
        Path away = folder.resolveSibling("away-" + UUID.randomUUID());
        Files.move(folder, away);
        try {
            for (int attempt = 0; attempt < JobKind.DEFAULT_MAX_ATTEMPTS; attempt++) {
                runner.work(claim(importId));
            }
        } finally {
            Files.move(away, folder);
            Files.delete(probe);
        }

        JsonPath view = Service.ended(importId.toString());
        assertThat(view.getString("state")).isEqualTo("FAILED");
        assertThat(view.getString("detail")).contains("broke off 3 times");
    }

    /// 60 files: 6 of them twice, 3 broken.
    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        byte[] last = Images.png();
        for (int i = 0; i < FILES; i++) {
            String name = (i % 3 == 0 ? "ants/" : "bees/") + "%02d.png".formatted(i);
            if (i % 20 == 19) {
                files.put(name, ("broken " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8));
            } else if (i % 10 == 2) {
                files.put(name, last);
            } else {
                last = Images.png();
                files.put(name, last);
            }
        }
        return files;
    }

    private static UUID start(String dataset, Map<String, byte[]> files) {
        return UUID.fromString(Service.send(dataset, Archives.tar(files))
                .statusCode(202)
                .extract()
                .path("id"));
    }

    private Optional<Attempt> next() {
        return runner.claim(ImportJobs.KIND);
    }

    private Attempt claim(UUID importId) {
        // An earlier test may have queued another.
        return await().atMost(PATIENCE)
                .until(this::next, claimed -> claimed.map(Attempt::jobId).equals(Optional.of(importId.toString())))
                .orElseThrow();
    }

    private ImportWork work(Attempt attempt) {
        return transactions.call(session -> jobs.work(session, attempt));
    }

    private JsonPath finished(UUID importId) throws InterruptedException {
        runner.work(claim(importId));
        return Service.ended(importId.toString());
    }

    @Test
    void sendsAFollowerThatWasCutOffWhatItMissedAndNothingTwice() throws Exception {
        UUID importId = start(Service.dataset(), files());
        HttpRequest follow =
                HttpRequest.newBuilder(imports.resolve(importId + "/events")).build();
        String lastId;
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines =
                        client.send(follow, HttpResponse.BodyHandlers.ofLines()).body()) {
            lastId = lines.filter(line -> line.startsWith("id:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("id:".length())
                    .strip();
        }
        finished(importId);

        HttpRequest resume = HttpRequest.newBuilder(imports.resolve(importId + "/events"))
                .header("Last-Event-ID", lastId)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<String> lines = client.send(resume, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .toList();
            List<Long> ids = lines.stream()
                    .filter(line -> line.startsWith("id:"))
                    .map(line -> Long.valueOf(line.substring("id:".length()).strip()))
                    .toList();
            long first = Long.parseLong(lastId) + 1;
            assertThat(ids)
                    .isEqualTo(
                            LongStream.range(first, first + ids.size()).boxed().toList());
            // The claim, the plan, a chunk of four files each, and the end.
            assertThat(ids).hasSize(2 + FILES / FILES_PER_CHUNK + 1);
            assertThat(lines.stream()
                            .filter(line -> line.startsWith("data:"))
                            .toList()
                            .getLast())
                    .contains("\"state\":\"SUCCEEDED\"");
        }
    }

    private static void assertPublishedOnce(String dataset, Map<String, byte[]> files, JsonPath view) {
        int accepted = view.getInt("accepted");
        Set<String> ids = new HashSet<>();
        files.values().forEach(file -> ids.add(Images.id(file)));
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_LABELLED,
                        ImageLabelled.class,
                        accepted,
                        event -> event.datasetName().equals(dataset)))
                .hasSize(accepted)
                .extracting(ImageLabelled::imageId)
                .doesNotHaveDuplicates();
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_INGESTED, ImageIngested.class, accepted, event -> ids.contains(event.imageId())))
                .hasSize(accepted)
                .extracting(ImageIngested::imageId)
                .doesNotHaveDuplicates();
        int rejected = view.getInt("rejectedTotal");
        assertThat(PublishedEvents.events(
                        Topics.IMAGES_REJECTED,
                        ImageRejected.class,
                        rejected,
                        event -> event.datasetName().equals(dataset)))
                .hasSize(rejected);
    }
}
