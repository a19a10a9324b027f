package dev.graft.feature.queue;

/// Counts what is to be computed.
///
/// @param free          images that no worker has claimed, 100,000 at most
/// @param claimed       images that a worker holds
/// @param oldestSeconds how long the oldest of them all has waited; 0 when there is none
public record QueueDepth(long free, long claimed, double oldestSeconds) {
    /// Nothing to do.
    public static final QueueDepth EMPTY = new QueueDepth(0, 0, 0);
}
