/// Datasets: named collections of labelled images.
///
/// No type here depends on those by which images come in. The statements that delete a dataset know the tables of
/// imports: its open imports are cancelled, and the rows of the others go with it.
@NullMarked
package dev.graft.ingest.dataset;

import org.jspecify.annotations.NullMarked;
