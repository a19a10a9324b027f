/// Embeddings, as the feature service gives them: which extractor a choice means, and its vectors as a matrix.
@NullMarked
package dev.graft.trainer.embedding;

import org.jspecify.annotations.NullMarked;
