package dev.graft.events;

import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/// The settings of the broker (`kafka.*`), for clients that are opened beside the channels: its address, and how it is
/// spoken to where it asks for TLS or a password. Safe for many threads.
@Singleton
public class BrokerSettings {
    private final Map<String, Object> broker;

    BrokerSettings(@Identifier("default-kafka-broker") Map<String, Object> broker) {
        this.broker = broker;
    }

    /// Returns those settings that a client knows, in a map of its own.
    ///
    /// @param known names of the client's settings, as `ConsumerConfig.configNames()` gives them
    public Map<String, Object> of(Iterable<String> known) {
        Map<String, Object> settings = new HashMap<>();
        for (String name : known) {
            Object value = broker.get(name);
            if (value != null) {
                settings.put(name, value);
            }
        }
        return settings;
    }
}
