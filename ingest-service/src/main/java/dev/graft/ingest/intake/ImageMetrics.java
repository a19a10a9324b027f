package dev.graft.ingest.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;

/// Counts what became of files, once it is committed.
@Singleton
public class ImageMetrics {
    private final Counter accepted;
    private final Counter duplicates;
    private final Counter rejected;

    ImageMetrics(MeterRegistry registry) {
        accepted = counter(registry, "accepted");
        duplicates = counter(registry, "duplicate");
        rejected = counter(registry, "rejected");
    }

    /// Counts files.
    public void count(List<Addition> additions) {
        for (Addition addition : additions) {
            switch (addition) {
                case Addition.Accepted _ -> accepted.increment();
                case Addition.Duplicate _ -> duplicates.increment();
                case Addition.Rejected _ -> rejected.increment();
            }
        }
    }

    private static Counter counter(MeterRegistry registry, String result) {
        return Counter.builder("graft.ingest.files")
                .description("Files that were sent for a dataset")
                .tag("result", result)
                .register(registry);
    }
}
