/// The trainer service: durable training runs that end in a registered model version.
///
/// Holds what its packages share: configuration.
@NullMarked
package dev.graft.trainer;

import org.jspecify.annotations.NullMarked;
