/// What a run learns from: frozen dataset versions of the ingest service, and their division into parts.
///
/// Knows neither how heads are trained nor how runs are kept.
@NullMarked
package dev.graft.trainer.dataset;

import org.jspecify.annotations.NullMarked;
