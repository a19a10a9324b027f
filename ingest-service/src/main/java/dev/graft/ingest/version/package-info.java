/// Frozen versions of datasets: immutable manifests in object storage, and the rows that number them.
///
/// Nothing here knows how images come in.
@NullMarked
package dev.graft.ingest.version;

import org.jspecify.annotations.NullMarked;
