package dev.graft.ingest.http;

import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import dev.graft.problem.request.IdempotencyKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The answer to a request with an `Idempotency-Key`. The row is inserted with the request's effects and has
/// its answer before they are committed.
@Entity
@IdClass(RememberedAnswer.Key.class)
@Table(name = "idempotency")
@SuppressWarnings("NullAway.Init")
class RememberedAnswer {
    @Id
    String operation;

    @Id
    @Column(name = "key")
    String requestKey;

    String fingerprint;

    @Nullable
    Integer status;

    @Nullable
    String body;

    @Column(updatable = false)
    Instant createdAt;

    /// For the persistence provider.
    protected RememberedAnswer() {}

    /// Names a request.
    record Key(String operation, String requestKey) implements Serializable {}

    /// Gives the answer to the same request.
    ///
    /// @throws ProblemException when the key belongs to another request
    Answer to(IdempotencyKeys.RequestName request) {
        if (!request.fingerprint().equals(fingerprint)) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "The key %s was sent with another request before. Choose a new one.".formatted(requestKey),
                    IdempotencyKey.HEADER);
        }
        return new Answer(
                Objects.requireNonNull(status, "an answer is committed with its request"),
                Objects.requireNonNull(body, "an answer is committed with its request"));
    }
}
