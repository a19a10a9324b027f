/// Training runs: accepted, kept as rows, worked on as jobs, published as events, shown over REST.
///
/// A run's row is the truth; its job, of the kit for durable work, says which process works on it. An attempt
/// changes the row behind its fence, so that a process that was thought dead can neither publish nor report;
/// and all that is written to object storage on the way is the same in every attempt.
///
/// Rows are entities, read and changed by repositories ([dev.graft.trainer.run.TrainingRuns],
/// [dev.graft.trainer.model.ModelVersions]) in the session of their caller's transaction, which also holds the
/// fence and the outbox. Panache is not used, as its session is implicit.
@NullMarked
package dev.graft.trainer.run;

import org.jspecify.annotations.NullMarked;
