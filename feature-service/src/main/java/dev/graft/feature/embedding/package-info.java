/// Keeps embeddings: immutable segment files in object storage, found through an index in the database, and the reasons
/// of those that cannot be had.
///
/// It must not know how vectors are computed, what is still to be computed, nor who asked for them.
@NullMarked
package dev.graft.feature.embedding;

import org.jspecify.annotations.NullMarked;
