/// Training runs: accepted, kept as durable rows, worked on under leases, told about as events, shown over REST.
///
/// A run's row is the truth. Whoever works on a run changes the row only under its lease, so that a process that was
/// thought dead can neither publish nor report; and all that is written to object storage on the way is the same
/// whoever writes it.
@NullMarked
package dev.graft.trainer.run;

import org.jspecify.annotations.NullMarked;
