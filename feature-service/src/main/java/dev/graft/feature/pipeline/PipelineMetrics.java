package dev.graft.feature.pipeline;

import dev.graft.feature.embedding.Failure;
import dev.graft.feature.queue.QueueDepth;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/// Measures the pipeline.
@ApplicationScoped
public class PipelineMetrics {
    private final MeterRegistry registry;
    private final Timer batches;
    private final Timer commits;
    private final Counter attempts;
    private final List<Gauge> gauges;
    private volatile QueueDepth depth = QueueDepth.EMPTY;

    /// Registers the meters.
    public PipelineMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.batches = Timer.builder("graft.embedding.batch")
                .description("Time to decode a batch of pictures and run the network on it, on one thread")
                .publishPercentileHistogram()
                .register(registry);
        this.commits = Timer.builder("graft.embedding.commit")
                .description("Time to store a segment and commit it")
                .publishPercentileHistogram()
                .register(registry);
        this.gauges = List.of(
                Gauge.builder("graft.embedding.queue.free", this, metrics -> metrics.depth.free())
                        .description("Pictures that wait for a worker; 100,000 at most are counted")
                        .register(registry),
                Gauge.builder("graft.embedding.queue.claimed", this, metrics -> metrics.depth.claimed())
                        .description("Pictures that a worker holds")
                        .register(registry),
                Gauge.builder("graft.embedding.queue.oldest", this, metrics -> metrics.depth.oldestSeconds())
                        .description("Age of the oldest picture whose embedding is to be computed")
                        .baseUnit("seconds")
                        .register(registry));
        this.attempts = Counter.builder("graft.embedding.attempts")
                .description("Pictures that this process has claimed, as often as it has")
                .register(registry);
    }

    /// Removes the gauges, which would show the figures of an application that has ended: the registry outlives it
    /// where another one starts in the same process, in tests.
    @PreDestroy
    void remove() {
        gauges.forEach(registry::remove);
    }

    /// Notes how much is to be done.
    public void depth(QueueDepth now) {
        depth = now;
    }

    void claimed(int images) {
        attempts.increment(images);
    }

    void batch(long elapsedNanos) {
        batches.record(Duration.ofNanos(elapsedNanos));
    }

    void committed(String backbone, int images, long elapsedNanos) {
        commits.record(Duration.ofNanos(elapsedNanos));
        Counter.builder("graft.embedding.images")
                .description("Pictures whose embedding was committed")
                .tag("backbone", backbone)
                .register(registry)
                .increment(images);
    }

    void failed(Failure.Reason reason) {
        Counter.builder("graft.embedding.failures")
                .description("Pictures that cannot have an embedding")
                .tag("reason", reason.name())
                .register(registry)
                .increment();
    }
}
