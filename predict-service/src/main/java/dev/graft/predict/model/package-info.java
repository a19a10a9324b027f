/// The models in production: following which they are, loading, testing, swapping, and lending them to requests.
///
/// Knows bundles and networks; knows neither pictures' files nor requests.
@NullMarked
package dev.graft.predict.model;

import org.jspecify.annotations.NullMarked;
