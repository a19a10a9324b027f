package dev.graft.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {
    /// Proves that a client speaks to a broker that asks for TLS and a password as the channels do.
    @Test
    void givesAClientWhatItKnows() {
        Map<String, Object> broker = Map.of(
                "bootstrap.servers", "kafka:9093",
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "SCRAM-SHA-512",
                "connector", "smallrye-kafka");

        assertThat(new BrokerSettings(broker).of(ConsumerConfig.configNames()))
                .containsOnlyKeys("bootstrap.servers", "security.protocol", "sasl.mechanism");
    }
}
