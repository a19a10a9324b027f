package dev.graft.predict.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Decides whether a record about a model is newer than those before it: by the time of the fact, not by its place on
/// the topic and not by the version. A record that is delivered again behind a newer one must not bring its version
/// back; a version that was promoted again must.
///
/// Compaction goes by the place: the newer record is *hidden* by an older one behind it, and once the broker has
/// deleted it, a replica that starts would know the older one only. Not safe for use by many threads.
final class PublicationOrder {
    private final Map<String, Newest> newest = new HashMap<>();
    private final Set<String> hidden = new LinkedHashSet<>();

    private record Newest(Instant time, ConsumerRecord<String, byte[]> record) {
        /// A deleted record has no time of its own, so that it cannot be published again as what it was.
        boolean isHiddenBy(ConsumerRecord<String, byte[]> other) {
            return record.value() != null
                    && record.partition() == other.partition()
                    && record.offset() < other.offset()
                    && Objects.equals(record.key(), other.key());
        }
    }

    /// A record that holds what is in production, and is not the last of its key.
    record Hidden(String modelName, ConsumerRecord<String, byte[]> record) {}

    /// Takes note of a fact and of its record; returns whether no newer one is known.
    boolean advances(String modelName, Instant time, ConsumerRecord<String, byte[]> record) {
        Newest known = newest.get(modelName);
        if (known != null && time.isBefore(known.time())) {
            if (known.isHiddenBy(record)) {
                hidden.add(modelName);
            }
            return false;
        }
        newest.put(modelName, new Newest(time, record));
        hidden.remove(modelName);
        return true;
    }

    /// Gives the records that are hidden by older ones.
    List<Hidden> hidden() {
        List<Hidden> found = new ArrayList<>();
        for (String modelName : hidden) {
            Newest known = newest.get(modelName);
            if (known != null) {
                found.add(new Hidden(modelName, known.record()));
            }
        }
        return found;
    }

    /// Takes note that the newest record of a model was published again, behind the older one.
    void restored(String modelName) {
        hidden.remove(modelName);
    }
}
