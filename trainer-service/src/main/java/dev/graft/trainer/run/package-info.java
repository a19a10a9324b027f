/// Training runs: accepted, kept as rows, worked on as jobs, announced as events, shown over REST.
///
/// A run's row is the truth; its job, of the kit for durable work, says who works on it. Whoever works on a run changes
/// the row behind the attempt's fence, so that a process that was thought dead can neither publish nor report; and all
/// that is written to object storage on the way is the same whoever writes it.
@NullMarked
package dev.graft.trainer.run;

import org.jspecify.annotations.NullMarked;
