/// Datasets: named collections of labelled pictures.
///
/// Nothing here knows how pictures come in.
@NullMarked
package dev.graft.ingest.dataset;

import org.jspecify.annotations.NullMarked;
