/// Makes the int8 ranges of a weight set from a dataset's images. Knows weights and stored images; must not
/// know embeddings or jobs.
@NullMarked
package dev.graft.feature.calibration;

import org.jspecify.annotations.NullMarked;
