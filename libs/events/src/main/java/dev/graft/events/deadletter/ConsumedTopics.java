package dev.graft.events.deadletter;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/// Knows the topics that this service consumes, from the settings of its channels.
@Singleton
class ConsumedTopics {
    private static final Pattern TOPIC = Pattern.compile("mp\\.messaging\\.incoming\\..+\\.topic");

    private final List<String> names;

    ConsumedTopics(Config config) {
        names = StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> TOPIC.matcher(name).matches())
                .map(name -> config.getValue(name, String.class))
                .distinct()
                .sorted()
                .toList();
    }

    List<String> names() {
        return names;
    }
}
