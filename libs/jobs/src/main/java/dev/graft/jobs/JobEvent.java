package dev.graft.jobs;

/// What followers of a job receive: how it stood after a change.
///
/// @param revision grows with each change of the job; 0 for the first. A follower that has read an event and
///     was cut off goes on after its revision
/// @param ended    whether nothing follows any more
/// @param body     what [JobHandler#snapshot] gave
public record JobEvent(long revision, boolean ended, String body) {}
