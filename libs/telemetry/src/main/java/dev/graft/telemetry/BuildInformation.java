package dev.graft.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Says in the metrics which build runs: `graft_build_info`, always 1, with what there is to say as tags.
@Singleton
class BuildInformation {
    private final MeterRegistry registry;
    private final String service;
    private final String version;

    BuildInformation(
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.registry = registry;
        this.service = service;
        this.version = version;
    }

    void register(@Observes StartupEvent event) {
        Gauge.builder("graft.build.info", () -> 1)
                .description("The build that runs; always 1")
                .tag("service", service)
                .tag("version", version)
                .tag("java", Runtime.version().toString())
                .register(registry);
    }
}
