/// Measures, in processes of their own that take turns, how long an epoch of fine-tuning takes, and beside
/// it DJL's own loop over the whole network.
///
/// Knows neither database, broker nor object store.
@NullMarked
package dev.graft.trainer.bench;

import org.jspecify.annotations.NullMarked;
