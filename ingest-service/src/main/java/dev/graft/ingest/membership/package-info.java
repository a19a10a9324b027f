/// The pictures of a dataset, one by one: sent, listed, labelled anew.
///
/// Nothing here knows archives or imports.
@NullMarked
package dev.graft.ingest.membership;

import org.jspecify.annotations.NullMarked;
