/// The stages between a run's embeddings and its publication. Each comes to an output that depends on nothing
/// but its material and the outputs before it, so that it is the same in every process, and can be kept by its
/// digest.
///
/// The embeddings before them are a stage of the feature service's: kept there by content for every run that wants
/// them, so that here only their index is awaited. Publication behind them is no stage of this form: its output is a
/// model version, whose number and row belong to the end of the run, behind the fence.
///
/// Knows neither rows nor leases: who calls keeps the outputs.
@NullMarked
package dev.graft.trainer.stage;

import org.jspecify.annotations.NullMarked;
