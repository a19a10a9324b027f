package dev.graft.events.deadletter;

import dev.graft.contracts.Topics;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads the dead-letter topics, from their ends backwards, so that the notes on replays are seen before the dead
/// letters they speak of.
@Singleton
class DeadLetterLog {
    private static final Duration DEADLINE = Duration.ofSeconds(4);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int WINDOW_RECORDS = 500;
    private static final int MAX_BODY_BYTES = 2 << 20;

    private final KafkaClients clients;

    DeadLetterLog(KafkaClients clients) {
        this.clients = clients;
    }

    /// Lists dead letters of `topics`, in the order of their ids.
    ///
    /// @param after the id behind which the page begins; absent: at the beginning
    /// @throws org.apache.kafka.common.KafkaException when the broker is away, or reads so slowly that there is
    ///     nothing after four seconds
    DeadLetterPage list(Collection<String> topics, @Nullable DeadLetterId after, int limit) {
        List<DeadLetterView> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(0)) {
            Reading reading = new Reading(consumer, Instant.now().plus(DEADLINE));
            for (String topic : new TreeSet<>(topics)) {
                for (int partition : partitions(consumer, topic)) {
                    DeadLetterId end = new DeadLetterId(topic, partition, 0);
                    if (after == null || end.compareTo(after) > 0) {
                        reading.collect(end.place(), topic, after, limit + 1 - found.size(), found);
                    }
                }
            }
        } catch (TimeoutException e) {
            if (found.isEmpty()) {
                throw e;
            }
            return new DeadLetterPage(found, found.getLast().id());
        }
        return found.size() <= limit
                ? new DeadLetterPage(found, null)
                : new DeadLetterPage(
                        found.subList(0, limit), found.get(limit - 1).id());
    }

    /// Finds a dead letter with its body; empty when there is none of this id.
    Optional<ConsumerRecord<String, byte[]>> find(DeadLetterId id) {
        return read(id.place(), id.offset(), MAX_BODY_BYTES)
                .filter(record -> DeadLetterHeaders.text(record.headers(), DeadLetterHeaders.REPLAYED) == null);
    }

    /// Finds the original of a dead letter, as long as the broker keeps it.
    Optional<ConsumerRecord<String, byte[]>> original(TopicPartition place, long offset) {
        return read(place, offset, KafkaClients.MAX_REPLAY_BYTES);
    }

    /// Returns when a dead letter was replayed for the last time; empty when it was not.
    Optional<Instant> replayedAt(DeadLetterId id) {
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(0)) {
            long end = consumer.endOffsets(List.of(id.place())).getOrDefault(id.place(), 0L);
            Instant[] latest = {null};
            new Reading(consumer, Instant.now().plus(DEADLINE)).window(id.place(), id.offset(), end, record -> {
                if (DeadLetterHeaders.number(record.headers(), DeadLetterHeaders.REPLAYED, -1) == id.offset()) {
                    latest[0] = Instant.ofEpochMilli(record.timestamp());
                }
            });
            return Optional.ofNullable(latest[0]);
        }
    }

    private Optional<ConsumerRecord<String, byte[]>> read(TopicPartition place, long offset, int maxBytes) {
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(maxBytes)) {
            if (consumer.partitionsFor(place.topic()).stream().noneMatch(info -> info.partition() == place.partition())
                    || offset >= consumer.endOffsets(List.of(place)).getOrDefault(place, 0L)
                    || offset < consumer.beginningOffsets(List.of(place)).getOrDefault(place, 0L)) {
                return Optional.empty();
            }
            List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
            new Reading(consumer, Instant.now().plus(DEADLINE)).window(place, offset, offset + 1, found::add);
            return found.stream().filter(record -> record.offset() == offset).findFirst();
        } catch (OffsetOutOfRangeException e) {
            return Optional.empty();
        }
    }

    private static List<Integer> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        return consumer.partitionsFor(Topics.deadLetterOf(topic)).stream()
                .map(PartitionInfo::partition)
                .sorted()
                .toList();
    }

    /// Reads with one consumer until a deadline.
    private record Reading(KafkaConsumer<String, byte[]> consumer, Instant deadline) {

        /// Adds up to `wanted` dead letters of a partition, the newest first.
        void collect(
                TopicPartition place,
                String topic,
                @Nullable DeadLetterId after,
                int wanted,
                List<DeadLetterView> found) {
            if (wanted <= 0) {
                return;
            }
            int enough = found.size() + wanted;
            long begin = consumer.beginningOffsets(Set.of(place)).getOrDefault(place, 0L);
            long high = consumer.endOffsets(Set.of(place)).getOrDefault(place, 0L);
            Map<Long, Instant> replays = new HashMap<>();
            while (high > begin && found.size() < enough) {
                long low = Math.max(begin, high - WINDOW_RECORDS);
                List<DeadLetterView> letters = new ArrayList<>();
                window(place, low, high, record -> {
                    long replayed = DeadLetterHeaders.number(record.headers(), DeadLetterHeaders.REPLAYED, -1);
                    if (replayed >= 0) {
                        replays.put(replayed, Instant.ofEpochMilli(record.timestamp()));
                        return;
                    }
                    DeadLetterId id = new DeadLetterId(topic, place.partition(), record.offset());
                    if (after == null || id.compareTo(after) > 0) {
                        letters.add(DeadLetterView.of(id, record, null));
                    }
                });
                for (DeadLetterView letter : letters.reversed()) {
                    if (found.size() < enough) {
                        found.add(letter.replayed(replays));
                    }
                }
                high = low;
            }
        }

        /// Reads the records from offset `low` to before `high`.
        void window(
                TopicPartition place,
                long low,
                long high,
                java.util.function.Consumer<ConsumerRecord<String, byte[]>> each) {
            consumer.assign(List.of(place));
            consumer.seek(place, low);
            while (consumer.position(place) < high) {
                if (Instant.now().isAfter(deadline)) {
                    throw new TimeoutException("the dead letters were not read in time");
                }
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < high) {
                        each.accept(record);
                    }
                }
            }
        }
    }
}
