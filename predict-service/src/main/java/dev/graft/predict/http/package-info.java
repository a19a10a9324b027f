/// Predictions over REST.
///
/// Knows HTTP and JSON; leaves models and pictures to the packages beside it.
@NullMarked
package dev.graft.predict.http;

import org.jspecify.annotations.NullMarked;
