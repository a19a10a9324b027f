package dev.graft.jobs;

/// The right to work on a job until its lease ends.
///
/// @param token    grows with each claim; a write with an old one is refused
/// @param attempts claims since the job last came further, this one included
/// @param faults   those of them that ended with an error that was seen
record Claim(String jobId, String owner, long token, int attempts, int faults) {
    Fence fence() {
        return new Fence(jobId, token);
    }

    /// Names a lease.
    record Fence(String jobId, long token) {}
}
