/// What the metrics of every service have in common: the build that runs, and requests in buckets.
///
/// Knows no service.
@NullMarked
package dev.graft.telemetry;

import org.jspecify.annotations.NullMarked;
