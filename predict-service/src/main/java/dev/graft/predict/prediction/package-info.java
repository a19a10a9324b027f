/// From a picture file, or raw pixels, to the most probable labels: admission of requests, the threads that compute,
/// and what is answered when a picture is no good.
///
/// Knows models as [dev.graft.predict.model] lends them; knows neither HTTP nor topics.
@NullMarked
package dev.graft.predict.prediction;

import org.jspecify.annotations.NullMarked;
