/// The stages between a run's embeddings and its publication. Each comes to an output that depends on nothing
/// but its material and the outputs before it, so that it is the same in every process, and can be kept by its
/// digest.
///
/// Knows neither rows nor leases: who calls keeps the outputs.
@NullMarked
package dev.graft.trainer.stage;

import org.jspecify.annotations.NullMarked;
