package dev.graft.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.ingest.Images;
import dev.graft.ingest.Service;
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
@TestProfile(HostileRequests.Impatient.class)
class HostileRequestsIT {
    @TestHTTPResource("/")
    URI service;

    @Test
    void areRefusedByEveryOperation() throws Exception {
        String dataset = Service.dataset();
        String image = Service.upload(dataset, "ants", Images.png()).extract().path("id");

        assertThat(HostileRequests.faults(service, Map.of("name", dataset, "id", image)))
                .isEmpty();
    }

    @Test
    void areDescribedByTheDocument() throws Exception {
        assertThat(DocumentRules.faults(service)).isEmpty();
    }
}
