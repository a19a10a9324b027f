package dev.graft.predict.request;

import dev.graft.objectstore.ObjectStoreException;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/// Tells faults that time, or an operator, can mend from those that come of the wish itself.
final class PassingFaults {
    private PassingFaults() {}

    /// Tells whether object storage, the broker or a connection is at fault, somewhere among the causes. Missing
    /// rights count as well: they can be granted while the wish waits.
    static boolean passes(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause).anyMatch(PassingFaults::isOutside);
    }

    private static boolean isOutside(Throwable cause) {
        return switch (cause) {
            case RecordTooLargeException _, SerializationException _ -> false;
            case ObjectStoreException _, KafkaException _, IOException _ -> true;
            default -> false;
        };
    }
}
