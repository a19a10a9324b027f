package dev.graft.trainer.run;

/// A run that this process works on.
///
/// @param leaseId the fencing token: what it does not match any more, is not written
record LeasedRun(TrainingRun run, String leaseId) {
    String id() {
        return run.id();
    }
}
