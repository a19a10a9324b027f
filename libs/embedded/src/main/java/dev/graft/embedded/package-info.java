/// A durable Kafka broker, S3 endpoint and PostgreSQL that need no installation.
///
/// Each keeps its data in a directory that it is given, listens on the loopback address only, and starts again after
/// the process that ran it was killed. Knows nothing of Graft's topics, schemas or keys.
@NullMarked
package dev.graft.embedded;

import org.jspecify.annotations.NullMarked;
