/// Computes embeddings, as fast as decoding and the network allow.
///
/// ```
/// claim ─▶ fetch ─▶ queue of batches ─▶ decode, resize, normalise, embed ─▶ segment file ─▶ one transaction
/// ```
///
/// A chunk is what one lease, one segment file and one transaction cover. Two platform threads claim, a virtual thread
/// fetches each image, a platform thread of each processor computes, and a virtual thread commits each chunk.
/// Stages overlap: while a chunk is computed, the next is fetched and the last is committed. Compute threads never
/// wait for one another, only for bytes.
///
/// It must not know who wants the embeddings: those who wait note what became of their images as a [Settlement].
@NullMarked
package dev.graft.feature.pipeline;

import org.jspecify.annotations.NullMarked;
