package dev.graft.predict.request;

import dev.graft.events.BrokerSettings;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// Says DOWN while the broker does not answer. The readiness of the consumer's channel does not see a broker that
/// hangs: its connections stay open, and the assignment of partitions that it looks at is the client's own.
@Readiness
@Blocking
@Singleton
class BrokerReadiness implements HealthCheck {
    private static final String NAME = "broker";
    private static final int DEADLINE_MILLIS = 2_000;

    private final Map<String, Object> settings;
    private @Nullable Admin admin;

    BrokerReadiness(BrokerSettings broker) {
        settings = broker.of(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "predict-service-readiness");
    }

    @Override
    public HealthCheckResponse call() {
        try {
            opened().describeCluster(new DescribeClusterOptions().timeoutMs(DEADLINE_MILLIS))
                    .clusterId()
                    .get();
            return HealthCheckResponse.up(NAME);
        } catch (ExecutionException e) {
            return down(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return down("The service stops.");
        }
    }

    /// At the first question: a client of its own that is never asked would look for the broker all the same.
    private synchronized Admin opened() {
        Admin opened = admin;
        if (opened == null) {
            opened = Admin.create(settings);
            admin = opened;
        }
        return opened;
    }

    private static HealthCheckResponse down(String reason) {
        return HealthCheckResponse.named(NAME).down().withData("reason", reason).build();
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
