/// Catalogues weight sets ([Backbone]) and identifies what makes embeddings comparable ([Extractor]).
///
/// The packages below describe networks, read weights, write ONNX models and run both engines. Nothing here knows
/// services, events, object storage or heads' training.
@NullMarked
package dev.graft.backbones;

import org.jspecify.annotations.NullMarked;
