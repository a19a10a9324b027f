/// Catalogues weight sets ([Backbone]) and identifies what makes embeddings comparable ([Extractor]).
///
/// The packages below describe networks, read weights, write ONNX models and name the port of engines. Nothing here
/// knows an engine, services, events, object storage or heads' training.
@NullMarked
package dev.graft.networks;

import org.jspecify.annotations.NullMarked;
