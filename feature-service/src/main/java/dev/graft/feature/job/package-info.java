/// Follows requests for the embeddings of many images, from the question to an index of all answers.
///
/// A job is a durable row. Whoever asks gets it at once; planning and completing happen later, under a lease, in any
/// replica. This package must not know how embeddings are computed: it only queues what is missing and counts.
@NullMarked
package dev.graft.feature.job;

import org.jspecify.annotations.NullMarked;
