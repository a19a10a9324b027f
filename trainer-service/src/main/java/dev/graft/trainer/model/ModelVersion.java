package dev.graft.trainer.model;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A registered version of a model, whose bundle is complete in object storage. It never changes.
///
/// Users name it by model and number; as a run comes to one version at most, the run's id names it, too.
@Entity
@Immutable
@Table(name = "model_version")
@SuppressWarnings("NullAway.Init")
class ModelVersion {
    @Id
    String runId;

    String model;
    int version;
    String digest;
    double testAccuracy;

    /// Its `model.json`.
    String card;

    /// Given by the database.
    @Column(insertable = false, updatable = false)
    Instant createdAt;

    /// For the persistence provider.
    protected ModelVersion() {}

    ModelVersion(NewVersion registered) {
        this.runId = registered.runId();
        this.model = registered.model();
        this.version = registered.version();
        this.digest = registered.digest();
        this.testAccuracy = registered.testAccuracy();
        this.card = registered.card();
    }

    /// Describes it.
    ///
    /// @param production what the model has in production; absent: nothing
    ModelVersionView view(@Nullable Production production) {
        return new ModelVersionView(
                model,
                version,
                runId,
                digest,
                testAccuracy,
                createdAt,
                production != null && production.version == version);
    }
}
