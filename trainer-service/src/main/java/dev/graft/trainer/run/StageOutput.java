package dev.graft.trainer.run;

/// What a stage has come to.
///
/// @param objectKey where it lies; holds the digest
/// @param seconds   how long it took
record StageOutput(String stage, String objectKey, String sha256, double seconds) {}
