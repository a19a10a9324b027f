package dev.graft.messaging;

import static java.util.stream.Collectors.joining;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/// Remembers which events a consumer has handled, so that a second delivery has no effect.
///
/// By SQL of PostgreSQL, as Hibernate has no statement that inserts many rows, passes over those that are there, and
/// gives back which were new: in one round trip, and without a conflict that would end the transaction.
@ApplicationScoped
public class ProcessedEvents {

    /// Marks an event as handled by `consumer`, in the caller's transaction; returns whether this is the first time.
    public Uni<Boolean> firstTime(Mutiny.Session session, String consumer, String eventId) {
        return firstTimes(session, consumer, List.of(eventId)).map(fresh -> !fresh.isEmpty());
    }

    /// Marks events as handled by `consumer`, in the caller's transaction; gives the ids of those that are new to it.
    public Uni<Set<String>> firstTimes(Mutiny.Session session, String consumer, Collection<String> eventIds) {
        // Sorted, so that two replicas that meet the same events wait for each other and never deadlock.
        List<String> ids = new LinkedHashSet<>(eventIds).stream().sorted().toList();
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        String rows = ids.stream().map(id -> "(?, ?)").collect(joining(", "));
        Mutiny.SelectionQuery<String> insert = session.createNativeQuery(
                "insert into processed_event (consumer, event_id) values " + rows
                        + " on conflict do nothing returning event_id",
                String.class);
        int parameter = 1;
        for (String id : ids) {
            insert.setParameter(parameter++, consumer);
            insert.setParameter(parameter++, id);
        }
        return insert.getResultList().map(HashSet::new);
    }
}
