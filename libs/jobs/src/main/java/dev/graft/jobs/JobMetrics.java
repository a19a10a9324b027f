package dev.graft.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Measures jobs, for each kind.
@ApplicationScoped
class JobMetrics {
    private static final String KIND = "kind";
    private static final Duration[] BUCKETS = Stream.of(
                    "PT0.1S", "PT0.5S", "PT1S", "PT5S", "PT15S", "PT1M", "PT5M", "PT15M", "PT1H")
            .map(Duration::parse)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<String, Figures> figures = new ConcurrentHashMap<>();

    /// How an attempt ended.
    enum Outcome {
        SUCCEEDED,
        FAILED,
        CANCELLED,
        /// Failed after too many attempts.
        GIVEN_UP,
        /// Is tried again later.
        RETRIED,
        /// Goes on in another process.
        LEFT
    }

    /// Counts the open jobs of a kind.
    record Figures(long queued, long running, double oldestSeconds) {
        static final Figures NONE = new Figures(0, 0, 0);
    }

    JobMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Makes the meters of a kind, so that they are there before its first job.
    void register(String kind) {
        figures.put(kind, Figures.NONE);
        Gauge.builder("graft.jobs.queued", () -> of(kind).queued())
                .description("Jobs that wait for a worker, or for something they depend on")
                .tag(KIND, kind)
                .register(registry);
        Gauge.builder("graft.jobs.running", () -> of(kind).running())
                .description("Jobs that a worker of any replica works on")
                .tag(KIND, kind)
                .register(registry);
        Gauge.builder("graft.jobs.oldest", () -> of(kind).oldestSeconds())
                .description("Age of the oldest job that has not ended")
                .baseUnit("seconds")
                .tag(KIND, kind)
                .register(registry);
        Counter unusedAttempts = attempts(kind);
        Counter unusedGivenUp = givenUp(kind);
        for (Outcome outcome : Outcome.values()) {
            Timer unused = seconds(kind, outcome);
        }
    }

    private Figures of(String kind) {
        return figures.getOrDefault(kind, Figures.NONE);
    }

    void figures(Map<String, Figures> now) {
        figures.replaceAll((kind, old) -> now.getOrDefault(kind, Figures.NONE));
    }

    void attempted(String kind) {
        attempts(kind).increment();
    }

    private Counter attempts(String kind) {
        return Counter.builder("graft.jobs.attempts")
                .description("Jobs that a worker of this process has claimed")
                .tag(KIND, kind)
                .register(registry);
    }

    private Counter givenUp(String kind) {
        return Counter.builder("graft.jobs.given.up")
                .description("Jobs that failed because too many attempts broke off or ended their process")
                .tag(KIND, kind)
                .register(registry);
    }

    void ended(String kind, Outcome outcome, Duration elapsed) {
        if (outcome == Outcome.GIVEN_UP) {
            givenUp(kind).increment();
        }
        seconds(kind, outcome).record(elapsed);
    }

    private Timer seconds(String kind, Outcome outcome) {
        return Timer.builder("graft.jobs.attempt")
                .description("Time that an attempt at a job took, by how it ended")
                .tag(KIND, kind)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
