package dev.graft.feature;

import dev.graft.testkit.GraftBackends;
import dev.graft.testkit.http.Overload;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class OverloadIT {
    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void staysWithinTheMemoryOfItsContainerHoweverMuchIsSent() throws Exception {
        Overload.of("feature-service", Overload.images("/v1/embeddings")).assertBounded();
    }
}
