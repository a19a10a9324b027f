/// Keeps immutable and replaceable blobs under keys: the [dev.graft.objectstore.ObjectStore] port, over S3
/// ([dev.graft.objectstore.S3ObjectStore]) and in memory ([dev.graft.objectstore.InMemoryObjectStore]).
///
/// It must not know what the objects are: key layouts belong to the modules that write them. It asks of S3 only what
/// every server of it has: put, in parts where it is large, conditional put, get, ranges, head, delete, and the bucket
/// itself. No listing, versions, tags or lifecycles.
@NullMarked
package dev.graft.objectstore;

import org.jspecify.annotations.NullMarked;
