package dev.graft.pytorch.training;

/// The parts of a batch, as near to each other in size as they can be, which lanes take in turns. Immutable.
///
/// @param rows of the batch
/// @param lanes how many of them have work
/// @param count number of parts
record Parts(int rows, int lanes, int count) {
    /// Divides a batch.
    ///
    /// @param together greatest number of rows of a part, at least 1
    /// @param lanes greatest number of lanes, at least 1
    static Parts of(int rows, int together, int lanes) {
        int working = Math.clamp(rows, 1, lanes);
        int rounds = Math.ceilDiv(Math.ceilDiv(rows, together), working);
        return new Parts(rows, working, Math.min(rows, rounds * working));
    }

    /// Computes a part of a batch on the thread of a lane.
    interface Work {
        /// @param index of the part
        /// @param first index of its first row in the batch
        /// @param count its rows
        void compute(int lane, int index, int first, int count);
    }

    /// Computes all parts.
    void forEach(Lanes threads, Work work) {
        threads.forEach(lanes, lane -> {
            for (int index = lane; index < count; index += lanes) {
                work.compute(lane, index, first(index), first(index + 1) - first(index));
            }
        });
    }

    private int first(int index) {
        return Math.toIntExact((long) index * rows / count);
    }
}
