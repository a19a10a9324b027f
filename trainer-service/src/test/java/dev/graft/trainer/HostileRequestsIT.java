package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Split;
import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.DocumentRules;
import dev.graft.testkit.http.HostileRequests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
@QuarkusTestResource(IngestStub.class)
@TestProfile(HostileRequests.Impatient.class)
class HostileRequestsIT {
    @TestHTTPResource("/")
    URI service;

    @Inject
    Stage stage;

    /// What does not exist would be refused for that, whatever came with it.
    @Test
    void areRefusedByEveryOperation() throws Exception {
        String dataset = stage.dataset("hostile", 2, 8, i -> i < 6 ? Split.TRAIN : Split.TEST);
        String run = stage.begin(Stage.byDefault(dataset));
        assertThat(stage.ended(run).getString("state")).isEqualTo("SUCCEEDED");
        Map<String, String> values =
                Map.of("name", dataset, "version", "1", "file", "model.json", "/v1/training-runs/{id}", run);

        assertThat(HostileRequests.faults(service, values)).isEmpty();
    }

    @Test
    void areToldOfByTheDocument() throws Exception {
        assertThat(DocumentRules.faults(service)).isEmpty();
    }
}
