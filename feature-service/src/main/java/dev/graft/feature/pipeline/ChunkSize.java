package dev.graft.feature.pipeline;

import java.time.Duration;

/// Chooses how many images to claim, so that a chunk takes about a given time at the speed measured so far. Too few
/// cost commits, too many are lost by a crash and make progress jerky. Safe for many threads.
final class ChunkSize {
    /// The first chunks are small, because nothing is known and somebody may wait for a first result.
    private static final int FIRST = 32;

    private static final double WEIGHT_OF_NEWEST = 0.3;

    private final double targetSeconds;
    private final int batchSize;
    private final int threads;
    private final int most;
    private double imagesPerSecond;

    ChunkSize(Duration target, int batchSize, int threads, int most) {
        this.targetSeconds = target.toMillis() / 1e3;
        this.batchSize = batchSize;
        this.threads = threads;
        this.most = most;
    }

    /// Learns from a chunk.
    ///
    /// @param computeNanos time of all threads, added up
    synchronized void observe(int images, long computeNanos) {
        double speed = images * 1e9 * threads / Math.max(1, computeNanos);
        imagesPerSecond = imagesPerSecond == 0 ? speed : imagesPerSecond + WEIGHT_OF_NEWEST * (speed - imagesPerSecond);
    }

    /// Gives the number of images to claim next: whole batches for each thread.
    synchronized int next() {
        if (imagesPerSecond == 0) {
            return Math.min(FIRST, most);
        }
        int round = batchSize * threads;
        int rounds = (int) Math.round(imagesPerSecond * targetSeconds / round);
        return Math.clamp((long) rounds * round, Math.min(batchSize, most), most);
    }
}
