package dev.graft.trainer.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/// Measures runs. How many are queued and running, how old the oldest is and how often they were tried is measured by
/// the kit for durable work, under the kind `training-run`.
@ApplicationScoped
class RunMetrics {
    private static final Duration[] BUCKETS = Stream.of(
                    "PT0.1S", "PT0.5S", "PT1S", "PT5S", "PT15S", "PT1M", "PT5M", "PT15M", "PT1H", "PT6H")
            .map(Duration::parse)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;

    /// How a run ended.
    enum Outcome {
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    /// Makes the meters of all outcomes, so that they are there before the first run ends.
    RunMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Outcome outcome : Outcome.values()) {
            Counter unused = runs(outcome);
        }
    }

    void ended(Outcome outcome) {
        runs(outcome).increment();
    }

    private Counter runs(Outcome outcome) {
        return Counter.builder("graft.training.runs")
                .description("Training runs that have ended, by outcome")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    /// Takes the time of a stage: `embedding` from the request on, the others from their begin.
    void stage(String name, Duration elapsed) {
        Timer.builder("graft.training.stage")
                .description("Time that a stage of a training run took")
                .tag("stage", name)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(elapsed);
    }
}
