package dev.graft.events.deadletter;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.graft.contracts.Topics;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/// Names a dead letter by its place: `<topic>-<partition>-<offset>`.
///
/// @param topic     the topic from which the record came
/// @param partition of the dead-letter topic
/// @param offset    in that partition
record DeadLetterId(String topic, int partition, long offset) implements Comparable<DeadLetterId> {
    /// What Kafka allows as the name of a topic.
    private static final String TOPIC = "[a-zA-Z0-9._-]{1,249}";

    private static final String TEXT = "(" + TOPIC + ")-([0-9]{1,9})-([0-9]{1,18})";

    /// The form of a topic's name, or of an empty text.
    static final String TOPIC_OR_EMPTY = "^(" + TOPIC + ")?$";

    /// The text form, or an empty text.
    static final String PATTERN_OR_EMPTY = "^(" + TEXT + ")?$";

    private static final Pattern FORM = Pattern.compile(TEXT);
    private static final Comparator<DeadLetterId> ORDER = Comparator.comparing(DeadLetterId::topic)
            .thenComparing(DeadLetterId::partition)
            .thenComparing(Comparator.comparing(DeadLetterId::offset).reversed());

    /// Reads the text form; empty when it is none.
    static Optional<DeadLetterId> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new DeadLetterId(
                        parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    TopicPartition place() {
        return new TopicPartition(Topics.deadLetterOf(topic), partition);
    }

    /// Orders by topic and partition, and within one the newest first.
    @Override
    public int compareTo(DeadLetterId other) {
        return ORDER.compare(this, other);
    }

    @JsonValue
    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
