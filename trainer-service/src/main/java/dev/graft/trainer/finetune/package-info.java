/// Fine-tunes the upper stages of a backbone together with a head that has converged. The trunk below them
/// runs once for every image, on the engine that is fastest on the device, and what leaves it waits in a
/// scratch file; only the part above is differentiated. Where images are varied, the trunk runs once for
/// every variant of those that are learned from, before the first epoch that sees it.
///
/// Knows networks, engines, PyTorch's tuner, images in object storage, and heads; must not know runs, rows
/// of the database, or reports.
@NullMarked
package dev.graft.trainer.finetune;

import org.jspecify.annotations.NullMarked;
