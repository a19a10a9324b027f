package dev.graft.trainer.model;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/// Says which version of a model is in production, and since when.
@Entity
@Table(name = "production")
@SuppressWarnings("NullAway.Init")
class Production {
    @Id
    String model;

    int version;
    Instant promotedAt;

    /// For the persistence provider.
    protected Production() {}

    Production(String model) {
        this.model = model;
    }

    /// Puts a version into production from now on.
    ///
    /// @return false when it was there already
    boolean put(int promoted) {
        if (version == promoted) {
            return false;
        }
        version = promoted;
        promotedAt = Instant.now();
        return true;
    }
}
