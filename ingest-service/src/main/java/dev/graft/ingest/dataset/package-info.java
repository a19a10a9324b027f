/// Datasets: named collections of labelled images.
///
/// Nothing here knows how images come in.
@NullMarked
package dev.graft.ingest.dataset;

import org.jspecify.annotations.NullMarked;
