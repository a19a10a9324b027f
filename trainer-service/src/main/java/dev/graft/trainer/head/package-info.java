/// Trains heads: what stands between a backbone's features and the probabilities of the classes.
///
/// Takes matrices of features and labels, and gives layers; runs on PyTorch through DJL with gradients derived by hand.
/// Equal input, settings and seed give equal bytes on one kind of processor. Nothing here knows a run, a dataset, a
/// topic, a table or an object store.
///
/// Memory outside the heap has one owner and any number of borrowers, and is freed when the last native call
/// that reads it has returned. A [dev.graft.trainer.head.FeatureMatrix] is its maker's, and lends rows; a scope
/// of PyTorch owns what it computes and borrows rows, and belongs to the one thread on which its native calls
/// run; workers have ended when their caller goes on. A training that is interrupted ends within a second, and
/// leaves nothing behind.
@NullMarked
package dev.graft.trainer.head;

import org.jspecify.annotations.NullMarked;
