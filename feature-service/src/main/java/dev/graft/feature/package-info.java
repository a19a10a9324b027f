/// Turns each image into an embedding, once for each extractor, for ever.
///
/// The packages below it: [dev.graft.feature.extractor] knows backbones and turns pixels into vectors,
/// [dev.graft.feature.queue] holds what is to be computed, [dev.graft.feature.pipeline] computes it,
/// [dev.graft.feature.embedding] keeps the results, and [dev.graft.feature.job] follows requests for many images, which
/// [dev.graft.feature.manifest] reads. [dev.graft.feature.calibration] finds the ranges of eight-bit networks, and
/// [dev.graft.feature.bench] measures.
/// Nothing here knows datasets, labels or models.
@NullMarked
package dev.graft.feature;

import org.jspecify.annotations.NullMarked;
