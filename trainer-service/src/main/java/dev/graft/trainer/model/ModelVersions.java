package dev.graft.trainer.model;

import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.ObjectKeys;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Registers model versions and says which are in production.
@ApplicationScoped
public class ModelVersions {
    private static final String REGISTER = """
            insert into model_version (model, version, run_id, digest, test_accuracy, card)
            values (:model, :version, :run, :digest, :accuracy, :card)""";

    // An advisory lock on the model's name orders these transactions.
    private static final String PROMOTE = """
            insert into production (model, version) values (:model, :version)
            on conflict (model) do update set version = excluded.version, promoted_at = now()
            where production.version <> excluded.version""";

    private static final String SELECT = """
            select v.model, v.version, v.run_id, v.digest, v.test_accuracy, v.created_at,
                v.version = p.version, v.card
            from model_version v left join production p on p.model = v.model
            """;

    private static final String MODELS = """
            select v.model, count(*), max(v.version), max(p.version),
                max(case when v.version = p.version then v.test_accuracy end)
            from model_version v left join production p on p.model = v.model
            where cast(:model as text) is null or v.model = cast(:model as text)
            group by v.model order by v.model""";

    private final Transactions transactions;
    private final Outbox outbox;

    ModelVersions(Transactions transactions, Outbox outbox) {
        this.transactions = transactions;
        this.outbox = outbox;
    }

    /// A registered version.
    ///
    /// @param card its `model.json`
    record Registered(ModelVersionView view, String card) {}

    /// Makes the caller's transaction the only one that changes the model, until it ends.
    public Uni<Void> lock(Mutiny.Session session, String model) {
        return session.createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended('model ' || :model, 0))", Integer.class)
                .setParameter("model", model)
                .getSingleResult()
                .replaceWithVoid();
    }

    /// Registers a version in the caller's transaction. It goes into production when asked, or when the model has no
    /// version there yet, as it then displaces nothing.
    public Uni<Void> register(Mutiny.Session session, NewVersion version, boolean promote) {
        return lock(session, version.model())
                .chain(() -> session.createNativeQuery(REGISTER)
                        .setParameter("model", version.model())
                        .setParameter("version", version.version())
                        .setParameter("run", version.runId())
                        .setParameter("digest", version.digest())
                        .setParameter("accuracy", version.testAccuracy())
                        .setParameter("card", version.card())
                        .executeUpdate())
                .chain(() -> promote ? Uni.createFrom().item(true) : isUnpublished(session, version.model()))
                .chain(wanted -> wanted
                        ? promote(session, version.model(), version.version(), version.digest())
                        : Uni.createFrom().voidItem());
    }

    private static Uni<Boolean> isUnpublished(Mutiny.Session session, String model) {
        return session.createNativeQuery("select version from production where model = :model", Integer.class)
                .setParameter("model", model)
                .getResultList()
                .map(List::isEmpty);
    }

    private Uni<Void> promote(Mutiny.Session session, String model, int version, String digest) {
        return session.createNativeQuery(PROMOTE)
                .setParameter("model", model)
                .setParameter("version", version)
                .executeUpdate()
                .chain(rows -> rows == 0
                        ? Uni.createFrom().voidItem()
                        : outbox.append(
                                session,
                                new ModelPublished(model, version, ObjectKeys.bundlePrefix(model, version), digest)));
    }

    /// Puts a version into production. Blocks.
    ///
    /// @throws ProblemException `MODEL_NOT_FOUND` or `MODEL_VERSION_NOT_FOUND`
    void promote(String model, int version) {
        Registered registered = version(model, version);
        transactions.call(session -> lock(session, model)
                .chain(() -> promote(session, model, version, registered.view().digest())));
    }

    /// Lists the models, or finds one. Blocks.
    List<ModelView> models(@Nullable String model) {
        List<Object[]> rows = transactions.call(session -> session.createNativeQuery(MODELS, Object[].class)
                .setParameter("model", model)
                .getResultList());
        return rows.stream().map(ModelVersions::model).toList();
    }

    /// Lists the versions of a model, the newest first. Blocks.
    ///
    /// @throws ProblemException `MODEL_NOT_FOUND`
    List<Registered> versions(String model) {
        List<Object[]> rows = transactions.call(session -> session.createNativeQuery(
                        SELECT + "where v.model = :model order by v.version desc", Object[].class)
                .setParameter("model", model)
                .getResultList());
        if (rows.isEmpty()) {
            throw new ProblemException(
                    ProblemType.MODEL_NOT_FOUND, "There is no model %s. Train one.".formatted(model), "name");
        }
        return rows.stream().map(ModelVersions::registered).toList();
    }

    /// Finds a version. Blocks.
    ///
    /// @throws ProblemException `MODEL_NOT_FOUND` or `MODEL_VERSION_NOT_FOUND`
    Registered version(String model, int version) {
        List<Registered> versions = versions(model);
        Optional<Registered> found = versions.stream()
                .filter(registered -> registered.view().version() == version)
                .findFirst();
        return found.orElseThrow(() -> new ProblemException(
                ProblemType.MODEL_VERSION_NOT_FOUND,
                "The model %s has no version %d; its newest is %d."
                        .formatted(model, version, versions.getFirst().view().version()),
                "version"));
    }

    private static ModelView model(Object[] row) {
        return new ModelView(
                (String) row[0],
                ((Number) row[1]).longValue(),
                ((Number) row[2]).intValue(),
                row[3] == null ? null : (Integer) ((Number) row[3]).intValue(),
                row[4] == null ? null : (Double) ((Number) row[4]).doubleValue());
    }

    private static Registered registered(Object[] row) {
        return new Registered(
                new ModelVersionView(
                        (String) row[0],
                        ((Number) row[1]).intValue(),
                        (String) row[2],
                        (String) row[3],
                        ((Number) row[4]).doubleValue(),
                        instant(row[5]),
                        Boolean.TRUE.equals(row[6])),
                (String) row[7]);
    }

    private static Instant instant(Object value) {
        return switch (value) {
            case Instant instant -> instant;
            case OffsetDateTime time -> time.toInstant();
            default -> throw new IllegalStateException("not a time: " + value.getClass());
        };
    }
}
