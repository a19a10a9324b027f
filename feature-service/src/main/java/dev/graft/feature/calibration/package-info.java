/// Makes the int8 ranges of a weight set from a dataset's pictures. Knows weights and stored pictures; must not
/// know embeddings or jobs.
@NullMarked
package dev.graft.feature.calibration;

import org.jspecify.annotations.NullMarked;
