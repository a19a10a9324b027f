package dev.graft.ingest.dataset;

import dev.graft.contracts.Split;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// One summand of how many images of a label and split a dataset has. Triggers insert the rows; [Tallies] folds
/// them.
@Entity
@Immutable
@Table(name = "dataset_tally")
@SuppressWarnings("NullAway.Init")
class DatasetTally {
    @Id
    long id;

    long datasetId;
    String label;

    @Nullable
    Split split;

    long images;

    /// For the persistence provider.
    protected DatasetTally() {}
}
