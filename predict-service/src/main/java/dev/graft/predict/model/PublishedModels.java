package dev.graft.predict.model;

import dev.graft.contracts.Envelope;
import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.PoisonEventException;
import dev.graft.contracts.Topics;
import dev.graft.events.BoundedBytesDeserializer;
import dev.graft.events.BrokerSettings;
import dev.graft.events.EventPublisher;
import dev.graft.events.EventRecords;
import dev.graft.threads.SupervisedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Follows which version of each model is in production: reads the compacted topic from its beginning, alone
/// and without a consumer group, because every replica needs every record.
///
/// A record that was delivered again behind a newer one is passed over, and the newer one is published again, as it
/// was: compaction keeps the last of a key, and a replica that starts later reads nothing else. Replicas that do so at
/// the same time publish the same record, which changes nothing.
@Singleton
public class PublishedModels {
    private static final Logger LOG = Logger.getLogger(PublishedModels.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(10);

    private final EventRecords records = new EventRecords();
    private final PublicationOrder order = new PublicationOrder();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final ModelSwaps swaps;
    private final EventPublisher publisher;
    private final SupervisedThreads threads;
    private final BrokerSettings broker;
    private final MeterRegistry metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private SupervisedThreads.@Nullable Supervised thread;

    PublishedModels(
            ModelSwaps swaps,
            EventPublisher publisher,
            SupervisedThreads threads,
            BrokerSettings broker,
            MeterRegistry metrics) {
        this.swaps = swaps;
        this.publisher = publisher;
        this.threads = threads;
        this.broker = broker;
        this.metrics = metrics;
    }

    /// Says whether every model that was in production when this replica started is served, or refused.
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /// Waits for [#isCaughtUp].
    public void awaitCaughtUp() throws InterruptedException {
        caughtUp.await();
    }

    void start(@Observes StartupEvent event) {
        thread = threads.platform("published-models", this::run);
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        KafkaConsumer<String, byte[]> running = consumer;
        if (running != null) {
            running.wakeup();
        }
        SupervisedThreads.Supervised reading = thread;
        if (reading != null) {
            reading.stop(POLL.multipliedBy(5));
        }
    }

    private void run() {
        while (!isStopping()) {
            try (KafkaConsumer<String, byte[]> opened = open();
                    KafkaClientMetrics measured = new KafkaClientMetrics(opened)) {
                measured.bindTo(metrics);
                consumer = opened;
                read(opened);
            } catch (WakeupException | InterruptException e) {
                return;
            } catch (RuntimeException e) {
                // Whatever it is: a replica that stopped reading would serve old versions for ever. An error ends this
                // thread, which is started again.
                LOG.warnf(e, "Published models cannot be read, trying again");
            } finally {
                consumer = null;
            }
            if (isStoppedWithin(POLL)) {
                return;
            }
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private boolean isStoppedWithin(Duration time) {
        try {
            return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private KafkaConsumer<String, byte[]> open() {
        Map<String, Object> settings = broker.of(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // Created by a reader, the topic would not be compacted.
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "published-models");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new BoundedBytesDeserializer());
    }

    private void read(KafkaConsumer<String, byte[]> opened) {
        List<TopicPartition> partitions = partitions(opened);
        opened.assign(partitions);
        opened.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = opened.endOffsets(partitions, METADATA_TIMEOUT);
        // Of the past only the newest record of each model counts.
        Map<String, Optional<ModelPublished>> newest = new LinkedHashMap<>();
        while (!isStopping() && partitions.stream().anyMatch(at -> opened.position(at) < ends.getOrDefault(at, 0L))) {
            opened.poll(POLL).forEach(record -> note(record, newest));
        }
        CompletableFuture.allOf(newest.entrySet().stream()
                        .map(entry -> bringIn(entry.getKey(), entry.getValue()))
                        .toArray(CompletableFuture<?>[]::new))
                .thenRun(caughtUp::countDown);
        while (!isStopping()) {
            Map<String, Optional<ModelPublished>> latest = new LinkedHashMap<>();
            opened.poll(POLL).forEach(record -> note(record, latest));
            latest.forEach(this::bringIn);
            restoreHidden();
        }
    }

    /// Waits until the topic exists: the operator of the broker creates it.
    private List<TopicPartition> partitions(KafkaConsumer<String, byte[]> opened) {
        while (true) {
            List<PartitionInfo> partitions = opened.partitionsFor(Topics.MODELS_PUBLISHED, METADATA_TIMEOUT);
            if (partitions != null && !partitions.isEmpty()) {
                return partitions.stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList();
            }
            if (isStoppedWithin(POLL)) {
                throw new WakeupException();
            }
        }
    }

    private void note(ConsumerRecord<String, byte[]> record, Map<String, Optional<ModelPublished>> newest) {
        Instant recorded = Instant.ofEpochMilli(record.timestamp());
        if (record.value() == null) {
            if (record.key() != null && order.advances(record.key(), recorded, record)) {
                newest.put(record.key(), Optional.empty());
            }
            return;
        }
        try {
            Envelope<?> envelope = records.read(record);
            if (!(envelope.event() instanceof ModelPublished published)) {
                throw new PoisonEventException("not expected on this topic: " + envelope.type());
            }
            Instant time = envelope.time();
            // A clock that is ahead must not shut out what comes later.
            Instant fact = time == null || time.isAfter(recorded) ? recorded : time;
            if (order.advances(published.modelName(), fact, record)) {
                newest.put(published.modelName(), Optional.of(published));
            } else {
                LOG.warnf(
                        "Record older than what is in production passed over model=%s modelVersion=%d time=%s"
                                + " partition=%d offset=%d",
                        published.modelName(), published.version(), fact, record.partition(), record.offset());
            }
        } catch (PoisonEventException e) {
            // No dead letter: every replica reads the topic at every start, and each would write one.
            LOG.errorf(
                    "Record skipped topic=%s partition=%d offset=%d reason=%s",
                    record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }

    /// Publishes again what older records hide; what fails is tried again after the next poll.
    private void restoreHidden() {
        for (PublicationOrder.Hidden hidden : order.hidden()) {
            ConsumerRecord<String, byte[]> record = hidden.record();
            try {
                publisher
                        .publish(new ProducerRecord<>(
                                record.topic(),
                                record.partition(),
                                record.timestamp(),
                                record.key(),
                                record.value(),
                                new RecordHeaders(record.headers())))
                        .await()
                        .atMost(PUBLISH_TIMEOUT);
                order.restored(hidden.modelName());
                LOG.infof(
                        "Newest record published again model=%s partition=%d offset=%d",
                        hidden.modelName(), record.partition(), record.offset());
            } catch (RuntimeException e) {
                LOG.warnf("Newest record is published again later model=%s reason=%s", hidden.modelName(), e);
                return;
            }
        }
    }

    private CompletableFuture<Void> bringIn(String modelName, Optional<ModelPublished> published) {
        return published.map(swaps::publish).orElseGet(() -> swaps.withdraw(modelName));
    }
}
