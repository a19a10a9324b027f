package dev.graft.jobs;

import dev.graft.messaging.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Lets any number of followers read what happens to jobs. The database is asked once for each change of a job that
/// somebody in this process follows, and once for each follower that begins; nothing is asked while nothing changes.
@ApplicationScoped
public class JobFollowers {
    private static final int NEWS_PER_READ = 500;

    private final ConcurrentHashMap<String, JobTopic<?>> topics = new ConcurrentHashMap<>();
    private final Transactions transactions;
    private final JobNotifications notifications;
    private final Jobs jobs;

    JobFollowers(Transactions transactions, JobNotifications notifications, Jobs jobs) {
        this.transactions = transactions;
        this.notifications = notifications;
        this.jobs = jobs;
    }

    void start(@Observes StartupEvent event) {
        notifications.add(new Wakes());
    }

    void stop(@Observes @Priority(0) ShutdownEvent event) {
        topics.values().forEach(JobTopic::close);
    }

    private final class Wakes implements JobNotifications.Listener {
        @Override
        public void queued(String kind) {
            // For workers only.
        }

        @Override
        public void cancelled(String jobId) {
            // Its end is published like any change.
        }

        @Override
        public void published(String jobId) {
            JobTopic<?> topic = topics.get(jobId);
            if (topic != null) {
                topic.changed();
            }
        }

        @Override
        public void missed() {
            topics.values().forEach(JobTopic::changed);
        }
    }

    /// Begins to follow a job: with everything after `lastRevision`, or with how it stands now when that is null. The
    /// job must be one that [Jobs] has queued. Blocks while the database is read.
    ///
    /// @param rendering turns an event into what followers want; called once for each event however many follow,
    ///                  with the thread of the job's topic; all followers of a job give the same
    public <T> Follower<T> follow(String jobId, @Nullable Long lastRevision, Function<JobEvent, T> rendering) {
        while (true) {
            @SuppressWarnings("unchecked") // All followers of a job render alike.
            JobTopic<T> topic = (JobTopic<T>) topics.computeIfAbsent(jobId, id -> new JobTopic<>(this, id, rendering));
            Follower<T> follower = topic.join(lastRevision);
            if (follower != null) {
                return follower;
            }
            // It was closing; a new one takes its place.
            topics.remove(jobId, topic);
        }
    }

    /// Returns whether a job can be followed: it is known until some days after its end.
    public boolean isKnown(String jobId) {
        return !transactions
                .<List<Object[]>>call(session -> session.createNativeQuery(JobStatements.STANDING, Object[].class)
                        .setParameter("id", jobId)
                        .getResultList())
                .isEmpty();
    }

    /// Returns whether somebody follows a job in this process.
    boolean isFollowed(String jobId) {
        return topics.containsKey(jobId);
    }

    boolean isListening() {
        return notifications.isListening();
    }

    void remove(String jobId, JobTopic<?> topic) {
        topics.remove(jobId, topic);
    }

    List<JobEvent> newsAfter(String jobId, long revision) {
        return transactions
                .call(session -> session.createNativeQuery(JobStatements.NEWS, Object[].class)
                        .setParameter("id", jobId)
                        .setParameter("after", revision)
                        .setParameter("limit", NEWS_PER_READ)
                        .getResultList())
                .stream()
                .map(JobFollowers::event)
                .toList();
    }

    /// Gives how the job stands; a job from before the kit kept events is described as it is.
    JobEvent latest(String jobId) {
        return transactions.call(session -> session.createNativeQuery(JobStatements.LATEST, Object[].class)
                .setParameter("id", jobId)
                .getResultList()
                .chain(rows -> rows.isEmpty()
                        ? standing(session, jobId)
                        : Uni.createFrom().item(event(rows.getFirst()))));
    }

    private Uni<JobEvent> standing(Mutiny.Session session, String jobId) {
        return session.createNativeQuery(JobStatements.STANDING, Object[].class)
                .setParameter("id", jobId)
                .getSingleResult()
                .chain(row -> jobs.handler((String) row[0])
                        .snapshot(session, jobId)
                        .map(body -> new JobEvent(
                                JobRows.number(row[1]),
                                !List.of("QUEUED", "RUNNING").contains((String) row[2]),
                                body)));
    }

    private static JobEvent event(Object[] row) {
        return new JobEvent(JobRows.number(row[0]), (Boolean) row[1], (String) row[2]);
    }
}
