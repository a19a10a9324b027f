package dev.graft.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.DocumentRules;
import dev.graft.testkit.http.HostileRequests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
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

    @Test
    void areRefusedByEveryOperation() throws Exception {
        assertThat(HostileRequests.faults(service, Map.of("name", "tf_efficientnet_lite0.in1k")))
                .isEmpty();
    }

    @Test
    void areDescribedByTheDocument() throws Exception {
        assertThat(DocumentRules.faults(service)).isEmpty();
    }
}
