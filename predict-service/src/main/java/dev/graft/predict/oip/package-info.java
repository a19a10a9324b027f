/// The Open Inference Protocol, version 2, over REST: raw pixels in, probabilities out, for clients that speak to any
/// model server (<https://github.com/open-inference/open-inference-protocol>,
/// `specification/protocol/inference_rest.md`).
/// Errors are problems, as everywhere in Graft, with the protocol's member `error`.
@NullMarked
package dev.graft.predict.oip;

import org.jspecify.annotations.NullMarked;
