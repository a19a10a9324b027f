/// Computes embeddings, as fast as decoding and the network allow.
///
/// ```
/// claim chunk ─▶ fetch bytes ─▶ batches ─▶ decode, resize, normalise, embed ─▶ segment ─▶ one transaction
/// (virtual thread) (virtual threads)  queue   (one platform thread for each processor)  (virtual thread for each
/// chunk)
/// ```
///
/// A chunk is what one lease, one segment file and one transaction cover. Stages overlap: while a chunk is computed,
/// the
/// next is fetched and the last is committed. Compute threads never wait for one another, only for bytes.
///
/// It must not know who wants the embeddings.
@NullMarked
package dev.graft.feature.pipeline;

import org.jspecify.annotations.NullMarked;
