package dev.graft.feature.job;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import org.hibernate.annotations.Immutable;

/// Reads which image of a job has no embedding; the reason is kept once for all jobs. The rows are inserted by
/// the set-wise statements that count them.
@Entity
@Immutable
@Table(name = "job_failure")
@IdClass(JobFailure.Key.class)
@SuppressWarnings("NullAway.Init")
class JobFailure {
    /// Names an image of a job.
    record Key(String jobId, String imageId) implements Serializable {}

    @Id
    String jobId;

    @Id
    String imageId;

    /// For the persistence provider.
    protected JobFailure() {}
}
