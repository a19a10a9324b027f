package dev.graft.trainer.model;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// A model that has versions. The database makes the row with the first of them and keeps the figures, so that no
/// request counts versions.
@Entity
@Immutable
@Table(name = "model")
@SuppressWarnings("NullAway.Init")
class Model {
    @Id
    String name;

    long versions;
    int newest;

    /// For the persistence provider.
    protected Model() {}
}
