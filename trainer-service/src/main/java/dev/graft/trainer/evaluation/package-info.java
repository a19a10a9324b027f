/// How good a head is: accuracy with its interval, confusion, and what it is for each class.
///
/// Knows probabilities and labels, not where they come from.
@NullMarked
package dev.graft.trainer.evaluation;

import org.jspecify.annotations.NullMarked;
