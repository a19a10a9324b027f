package dev.graft.trainer.model;

/// A model version whose bundle is complete in object storage.
///
/// @param digest       SHA-256 of its `model.json`, hex
/// @param testAccuracy share of right answers on the images of the evaluation
/// @param card         its `model.json`
public record NewVersion(String model, int version, String runId, String digest, double testAccuracy, String card) {}
