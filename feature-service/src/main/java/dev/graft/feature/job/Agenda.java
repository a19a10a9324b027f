package dev.graft.feature.job;

/// Says what there is to do about jobs, so that a quiet moment costs one statement.
///
/// @param queued  a job waits to be planned
/// @param moved   a running job came further than it was told
/// @param settled a running job waits for nothing more
record Agenda(boolean queued, boolean moved, boolean settled) {}
