/// Serves the models that are in production.
///
/// The service follows which version of each model is in production, loads it beside the one it serves, tests it and
/// swaps. It needs object storage, Kafka and ONNX Runtime, and neither a database nor PyTorch. This package holds its
/// settings; what it does lies in the packages below.
@NullMarked
package dev.graft.predict;

import org.jspecify.annotations.NullMarked;
