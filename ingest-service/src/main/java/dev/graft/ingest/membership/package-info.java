/// The images of a dataset, one by one: sent, listed, relabelled.
///
/// Nothing here knows archives or imports.
@NullMarked
package dev.graft.ingest.membership;

import org.jspecify.annotations.NullMarked;
