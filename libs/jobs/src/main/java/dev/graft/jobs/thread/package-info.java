/// The small parts that work in the background is made of: threads that are started again when they end, leases that
/// are renewed, signals and pauses. It knows no database and no job.
@NullMarked
package dev.graft.jobs.thread;

import org.jspecify.annotations.NullMarked;
