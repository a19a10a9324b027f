/// Datasets: named collections of labelled images.
///
/// No type here depends on those by which images come in. Two statements know the table of imports: a dataset that is
/// deleted cancels its open imports, and hands the others over to its deletion.
@NullMarked
package dev.graft.ingest.dataset;

import org.jspecify.annotations.NullMarked;
