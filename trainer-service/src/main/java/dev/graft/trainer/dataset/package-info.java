/// What a run learns from: frozen dataset versions of the ingest service, and their division into images to
/// learn from and images to evaluate on.
///
/// Knows of training only how a list is folded; must not know evaluation, models or how runs are kept.
@NullMarked
package dev.graft.trainer.dataset;

import org.jspecify.annotations.NullMarked;
