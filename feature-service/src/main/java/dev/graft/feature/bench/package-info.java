/// Measures, in a process of its own, what the machine allows: decoding alone and the bare forward pass, with the
/// settings of the service. The speed of the service itself is read from a job's view and compared with these.
///
/// Knows neither database, broker nor object store.
@NullMarked
package dev.graft.feature.bench;

import org.jspecify.annotations.NullMarked;
