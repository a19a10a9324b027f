package dev.graft.events;

import dev.graft.contracts.Topics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Keeps one name of each topic in Kafka's own metrics. Its clients report each topic twice until version 5, once with
/// the dots of its name as underscores (KIP-1109).
final class TopicMetricNames {
    private static final Set<String> SECOND_NAMES = Topics.ALL.stream()
            .flatMap(topic -> Stream.of(topic, Topics.deadLetterOf(topic)))
            .map(topic -> topic.replace('.', '_'))
            .collect(Collectors.toUnmodifiableSet());

    private TopicMetricNames() {}

    @Produces
    @Singleton
    static MeterFilter onceEach() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                String topic = id.getName().startsWith("kafka.") ? id.getTag("topic") : null;
                return topic != null && SECOND_NAMES.contains(topic) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
            }
        };
    }
}
