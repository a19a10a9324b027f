/// Predictions of stored pictures that are asked for and answered on topics.
///
/// Knows the broker and object storage; leaves models and pictures to the packages beside it.
@NullMarked
package dev.graft.predict.request;

import org.jspecify.annotations.NullMarked;
