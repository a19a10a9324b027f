package dev.graft.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.ingest.IngestConfig;
import dev.graft.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Remembers the answers to requests with an `Idempotency-Key`, in the transaction of their effects: the same
/// request sent again has the same answer and no second effect, and another request under the same key is
/// refused.
@Singleton
public class IdempotencyKeys {
    /// Describes the header to clients.
    public static final String DESCRIPTION =
            "Names the request: sent again under the same key, it has the same answer and no second effect";

    /// Answers that one transaction forgets.
    private static final int ROWS_PER_TRANSACTION = 1_000;

    private final ObjectMapper json;
    private final IngestConfig config;

    IdempotencyKeys(ObjectMapper json, IngestConfig config) {
        this.json = json;
        this.config = config;
    }

    /// Names a request: what it does, under which key, and a digest of all it says.
    ///
    /// @param key absent when the sender gave none; then nothing is remembered
    public record RequestName(String operation, @Nullable String key, String fingerprint) {}

    /// The effect of a request, in the transaction that remembers its answer.
    @FunctionalInterface
    public interface Effect {
        /// Does what the request asks for.
        Uni<Answer> run();
    }

    /// Runs the effect of a request once. A second request that comes while the first runs waits for its end.
    ///
    /// @throws ProblemException (by the result) when the key belongs to another request
    public Uni<Answer> once(Mutiny.Session session, RequestName request, Effect effect) {
        String key = request.key();
        if (key == null) {
            return effect.run();
        }
        return claim(session, request, key)
                .chain(claimed -> claimed
                        ? effect.run().call(answer -> remember(session, request.operation(), key, answer))
                        : remembered(session, request, key).map(Optional::orElseThrow));
    }

    /// Gives the answer that the request had before; empty when it did not come before.
    ///
    /// @throws ProblemException (by the result) when the key belongs to another request
    public Uni<Optional<Answer>> recall(Mutiny.Session session, RequestName request) {
        String key = request.key();
        return key == null ? Uni.createFrom().item(Optional.empty()) : remembered(session, request, key);
    }

    /// Makes an answer of a view.
    public Answer answer(int status, Object view) {
        try {
            return new Answer(status, json.writeValueAsString(view));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view cannot be written as JSON", impossible);
        }
    }

    /// Reads the body of an answer, perhaps of another release: the view of [#answer], or a problem when its status is
    /// 400 or more.
    public <T> T read(Answer answer, Class<T> type) {
        try {
            return json.readerFor(type)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(answer.bodyJson());
        } catch (JsonProcessingException foreign) {
            throw new IllegalStateException("an answer is not as it was written", foreign);
        }
    }

    /// Forgets some of the answers whose time is over. Native for the bound.
    ///
    /// @return how many; 0 when none is left
    public Uni<Integer> forgetSome(Mutiny.Session session) {
        return session.createNativeQuery("""
                        delete from idempotency where ctid = any(array(
                            select ctid from idempotency where created_at < :before order by created_at limit :rows))""")
                .setParameter("before", Instant.now().minus(config.idempotencyRetention()))
                .setParameter("rows", ROWS_PER_TRANSACTION)
                .executeUpdate();
    }

    /// Native for its `on conflict`: the second of two equal requests waits here until the first is committed.
    private static Uni<Boolean> claim(Mutiny.Session session, RequestName request, String key) {
        return session.createNativeQuery("""
                        insert into idempotency (operation, key, fingerprint)
                        values (:operation, :key, :fingerprint) on conflict do nothing""")
                .setParameter("operation", request.operation())
                .setParameter("key", key)
                .setParameter("fingerprint", request.fingerprint())
                .executeUpdate()
                .map(rows -> rows == 1);
    }

    private static Uni<Integer> remember(Mutiny.Session session, String operation, String key, Answer answer) {
        return session.createMutationQuery("""
                        update RememberedAnswer set status = :status, body = :body
                        where operation = :operation and requestKey = :key""")
                .setParameter("status", answer.status())
                .setParameter("body", answer.bodyJson())
                .setParameter("operation", operation)
                .setParameter("key", key)
                .executeUpdate();
    }

    private static Uni<Optional<Answer>> remembered(Mutiny.Session session, RequestName request, String key) {
        return session.find(RememberedAnswer.class, new RememberedAnswer.Key(request.operation(), key))
                .map(found -> Optional.ofNullable(found).map(answer -> answer.to(request)));
    }
}
