package dev.graft.feature.job;

import java.util.UUID;

/// Lends a job to one thread of one replica.
///
/// @param leaseId the fencing token: without it in the job's row, nothing may be changed
record LeasedJob(EmbeddingJob job, UUID leaseId) {}
