/// The port that engines implement ([EmbeddingEngine]), and what every engine needs beside its native library: batches
/// of a bounded size, native buffers, a bound on passes side by side.
///
/// Knows networks; must not know an engine, where images come from or where features go.
@NullMarked
package dev.graft.networks.inference;

import org.jspecify.annotations.NullMarked;
