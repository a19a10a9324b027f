package dev.graft.trainer.model;

import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.ObjectKeys;
import dev.graft.messaging.Outbox;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/// The repository of model versions, and of which are in production. Every method works in the caller's
/// transaction.
@ApplicationScoped
public class ModelVersions {
    // Native, because a lock on a name that may have no row yet has no form in HQL.
    private static final String LOCK = "select 1 from pg_advisory_xact_lock(hashtextextended('model ' || :model, 0))";

    private static final String ONE = "from ModelVersion v where v.model = :model and v.version = :number";

    private static final String NEWEST = "select max(v.version) from ModelVersion v where v.model = :model";

    private static final String OF_MODEL = """
            select new dev.graft.trainer.model.ModelVersionView(v.model, v.version, v.runId, v.digest, v.testAccuracy,
                v.createdAt, case when p.version = v.version then true else false end)
            from ModelVersion v left join Production p on p.model = v.model
            where v.model = :model and v.version < :before order by v.version desc""";

    private static final String MODELS = """
            select new dev.graft.trainer.model.ModelView(m.name, m.versions, m.newest, p.version, v.testAccuracy)
            from Model m left join Production p on p.model = m.name
                left join ModelVersion v on v.model = p.model and v.version = p.version
            %s
            order by m.name""";

    private static final String MODELS_AFTER = MODELS.formatted("where m.name > :after");
    private static final String ONE_MODEL = MODELS.formatted("where m.name = :model");

    private final Outbox outbox;

    ModelVersions(Outbox outbox) {
        this.outbox = outbox;
    }

    /// Makes the caller's transaction the only one that changes the model, until it ends.
    public Uni<Void> lock(Mutiny.Session session, String model) {
        return session.createNativeQuery(LOCK, Integer.class)
                .setParameter("model", model)
                .getSingleResult()
                .replaceWithVoid();
    }

    /// Registers a version. It goes into production when asked, or when the model has no version there yet, as
    /// it then displaces nothing.
    public Uni<Void> register(Mutiny.Session session, NewVersion registered, boolean promote) {
        ModelVersion version = new ModelVersion(registered);
        return lock(session, version.model)
                .chain(() -> session.persist(version))
                // The row in production refers to it.
                .chain(session::flush)
                .chain(() -> session.find(Production.class, version.model))
                .chain(present -> promote || present == null
                        ? promote(session, version)
                        : Uni.createFrom().voidItem());
    }

    /// Puts a version into production.
    ///
    /// @return fails with [ProblemException] `MODEL_NOT_FOUND` or `MODEL_VERSION_NOT_FOUND`
    Uni<Void> promote(Mutiny.Session session, String model, int number) {
        return lock(session, model)
                .chain(() -> version(session, model, number))
                .chain(version -> promote(session, version));
    }

    /// The lock on the model is held, so that nobody else changes the row between reading and writing.
    private Uni<Void> promote(Mutiny.Session session, ModelVersion version) {
        return session.find(Production.class, version.model).chain(present -> {
            Production production = present == null ? new Production(version.model) : present;
            if (!production.put(version.version)) {
                return Uni.createFrom().voidItem();
            }
            String bundle = ObjectKeys.bundlePrefix(version.model, version.version);
            return session.persist(production)
                    .chain(session::flush)
                    .chain(() -> outbox.append(
                            session, new ModelPublished(version.model, version.version, bundle, version.digest)));
        });
    }

    /// Lists the models by their names.
    ///
    /// @param after the name before the first; empty for the list's begin
    Uni<List<ModelView>> models(Mutiny.Session session, String after, int limit) {
        return session.createSelectionQuery(MODELS_AFTER, ModelView.class)
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultList();
    }

    /// Finds a model.
    ///
    /// @return fails with [ProblemException] `MODEL_NOT_FOUND`
    Uni<ModelView> model(Mutiny.Session session, String model) {
        return session.createSelectionQuery(ONE_MODEL, ModelView.class)
                .setParameter("model", model)
                .getSingleResultOrNull()
                .onItem()
                .ifNull()
                .failWith(() -> noModel(model));
    }

    /// Lists the versions of a model, the newest first.
    ///
    /// @param before only versions with smaller numbers
    /// @return fails with [ProblemException] `MODEL_NOT_FOUND`
    Uni<List<ModelVersionView>> versions(Mutiny.Session session, String model, int before, int limit) {
        return session.createSelectionQuery(OF_MODEL, ModelVersionView.class)
                .setParameter("model", model)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultList()
                .chain(found -> found.isEmpty()
                        ? model(session, model).replaceWith(found)
                        : Uni.createFrom().item(found));
    }

    /// Finds a version.
    ///
    /// @return fails with [ProblemException] `MODEL_NOT_FOUND` or `MODEL_VERSION_NOT_FOUND`
    Uni<ModelVersion> version(Mutiny.Session session, String model, int number) {
        return session.createSelectionQuery(ONE, ModelVersion.class)
                .setParameter("model", model)
                .setParameter("number", number)
                .getSingleResultOrNull()
                .onItem()
                .ifNull()
                .switchTo(() -> absent(session, model, number));
    }

    private Uni<ModelVersion> absent(Mutiny.Session session, String model, int number) {
        return newest(session, model).map(newest -> {
            throw newest.map(known -> new ProblemException(
                            ProblemType.MODEL_VERSION_NOT_FOUND,
                            "The model %s has no version %d; its newest is %d.".formatted(model, number, known),
                            "version"))
                    .orElseGet(() -> noModel(model));
        });
    }

    /// Finds the newest version of a model; empty when there is no such model.
    public Uni<Optional<Integer>> newest(Mutiny.Session session, String model) {
        return session.createSelectionQuery(NEWEST, Integer.class)
                .setParameter("model", model)
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }

    private static ProblemException noModel(String model) {
        return new ProblemException(
                ProblemType.MODEL_NOT_FOUND, "There is no model %s. Train one.".formatted(model), "name");
    }

    /// Describes a version with its `model.json`.
    ///
    /// @return fails with [ProblemException] `MODEL_NOT_FOUND` or `MODEL_VERSION_NOT_FOUND`
    Uni<DetailedVersionView> detailed(Mutiny.Session session, String model, int number) {
        return version(session, model, number)
                .chain(version -> session.find(Production.class, model)
                        .map(production -> new DetailedVersionView(version.view(production), version.card)));
    }
}
