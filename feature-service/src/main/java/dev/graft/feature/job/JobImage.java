package dev.graft.feature.job;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import org.hibernate.annotations.Immutable;

/// Reads an image that a request listed, at its place in the list. The rows of a job are inserted together.
@Entity
@Immutable
@Table(name = "job_image")
@IdClass(JobImage.Key.class)
@SuppressWarnings("NullAway.Init")
class JobImage {
    /// Names a place in a job's list.
    record Key(String jobId, long position) implements Serializable {}

    @Id
    String jobId;

    @Id
    long position;

    String imageId;

    /// For the persistence provider.
    protected JobImage() {}
}
