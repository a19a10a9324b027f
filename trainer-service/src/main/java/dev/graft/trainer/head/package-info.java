/// Trains heads: what stands between a backbone's features and the probabilities of the classes.
///
/// Takes matrices of features and labels, and gives layers; runs on PyTorch through DJL with gradients derived by hand.
/// Equal input, settings and seed give equal bytes on one kind of processor. Nothing here knows a run, a dataset, a
/// topic, a table or an object store.
@NullMarked
package dev.graft.trainer.head;

import org.jspecify.annotations.NullMarked;
