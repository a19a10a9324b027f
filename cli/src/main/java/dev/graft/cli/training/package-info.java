/// Trains models, lists the training runs and fetches their reports.
///
/// Of the other packages of commands it knows `embedding` only, for the options that choose an extractor.
@NullMarked
package dev.graft.cli.training;

import org.jspecify.annotations.NullMarked;
