/// Keeps weight sets in object storage: files under their digests, and a register that says which weight set
/// is which file. What one service registers, every service finds, without a restart; so it does what
/// versions of models were fine-tuned to, in their bundles. This is also where a name becomes weights
/// ([WeightStore#named]), and where a choice of weights, layer, input size and precision becomes an
/// extractor ([ChosenExtractor]), the same for every service.
///
/// Knows the catalogue and object storage; must not know what services do with weights.
@NullMarked
package dev.graft.weightstore;

import org.jspecify.annotations.NullMarked;
