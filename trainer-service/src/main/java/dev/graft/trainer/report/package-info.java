/// The report of a run: one HTML file that needs nothing else, for people to read, print and keep.
///
/// The same model gives the same bytes.
@NullMarked
package dev.graft.trainer.report;

import org.jspecify.annotations.NullMarked;
