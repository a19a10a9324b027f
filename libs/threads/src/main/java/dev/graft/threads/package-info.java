/// The small parts that work in the background is made of: threads that are started again when they end, leases that
/// are renewed, and signals. It knows no backend and no service.
@NullMarked
package dev.graft.threads;

import org.jspecify.annotations.NullMarked;
