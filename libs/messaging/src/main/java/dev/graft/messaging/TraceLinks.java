package dev.graft.messaging;

import static java.util.stream.Collectors.joining;

import dev.graft.contracts.EmbeddingSegmentComputed;
import dev.graft.contracts.Envelope;
import dev.graft.contracts.Event;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/// Remembers to which trace the events about a subject belong, so that work that is done later, by a durable job and
/// long after the request, publishes its events in the trace of the request. Only events of a trace cost a row.
@ApplicationScoped
class TraceLinks {
    /// Of an event about many images, this many are asked for a trace.
    private static final int MAX_SUBJECTS = 100;

    /// Remembers the traces of events, in the caller's transaction. The first trace of a subject stays.
    Uni<Void> remember(Mutiny.Session session, Collection<Envelope<?>> events) {
        // Sorted, so that two replicas that meet the same subjects wait for each other and never deadlock.
        Map<String, TraceLink> links = new TreeMap<>();
        for (Envelope<?> event : events) {
            if (event.trace() != null) {
                String subject = event.event().partitionKey();
                links.putIfAbsent(subject, new TraceLink(subject, event.trace()));
            }
        }
        if (links.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        // Native: the upsert of many rows has no form in HQL.
        var insert = session.createNativeQuery("insert into trace_link (subject, trace_parent, trace_state) values "
                + links.values().stream().map(link -> "(?, ?, ?)").collect(joining(", "))
                + " on conflict do nothing");
        int parameter = 1;
        for (TraceLink link : links.values()) {
            insert.setParameter(parameter++, link.subject());
            insert.setParameter(parameter++, link.trace().traceParent());
            // An empty text for none: a null parameter has no type here.
            insert.setParameter(
                    parameter++,
                    link.trace().traceState() == null ? "" : link.trace().traceState());
        }
        return insert.executeUpdate().replaceWithVoid();
    }

    /// Names what an event is about: whose trace it belongs to when it is published for no request.
    static List<String> subjects(Event event) {
        Stream<String> images = event instanceof EmbeddingSegmentComputed segment
                ? segment.imageIds().stream().limit(MAX_SUBJECTS)
                : Stream.empty();
        return Stream.concat(Stream.of(event.partitionKey()), images).toList();
    }
}
