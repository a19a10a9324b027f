package dev.graft.predict;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.problem.request.RequestLimits;
import dev.graft.testkit.DeployedScratch;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Where the files of forms wait, and how much room they take.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class FormsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI service;

    @Inject
    ScratchFolder scratch;

    @Inject
    RequestLimits limits;

    @Inject
    PredictConfig config;

    /// The next process removes that folder when this one is killed; nobody removes another.
    @Test
    void keepsFilesOfFormsInTheFolderOfItsProcess() throws Exception {
        Path folder = folder();
        try (Socket client = new Socket(service.getHost(), service.getPort())) {
            client.getOutputStream().write(("""
                    POST /v1/models/none/predict HTTP/1.1\r
                    Host: localhost\r
                    Content-Type: multipart/form-data; boundary=x\r
                    Content-Length: 1000000\r
                    \r
                    --x\r
                    Content-Disposition: form-data; name="file"; filename="1.png"\r
                    Content-Type: image/png\r
                    \r
                    """ + "a".repeat(100_000)).getBytes(US_ASCII));

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(folder).isNotEmptyDirectory());
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(folder).isEmptyDirectory());
    }

    private Path folder() throws Exception {
        Path probe = scratch.create(".probe");
        Files.delete(probe);
        return probe.getParent();
    }

    /// A pod whose folder is full is evicted, with all that is under way in it. Besides forms, one network at a
    /// time waits there on its way into memory.
    @Test
    void hasRoomForAsManyFormsAsMayBeUnderWay() throws Exception {
        assertThat(limits.maxBodies() * limits.maxFormSizeBytes() + config.maxNetworkBytes())
                .isLessThanOrEqualTo(DeployedScratch.sizeBytes("predict-service"));
    }
}
