/// Reads archives of labelled images: their formats, their bounds, and which label and split a path means.
///
/// Nothing is ever unpacked to a path that an archive names. Nothing here knows datasets, tables or the
/// network.
@NullMarked
package dev.graft.ingest.archive;

import org.jspecify.annotations.NullMarked;
