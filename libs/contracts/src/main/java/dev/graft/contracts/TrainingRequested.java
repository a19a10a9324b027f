package dev.graft.contracts;

/// A training run was accepted.
///
/// @param datasetVersion the frozen version it will learn from
public record TrainingRequested(
        String runId, String modelName, String datasetName, int datasetVersion, ExtractorChoice extractor, String head)
        implements Event {

    @Override
    public String partitionKey() {
        return runId;
    }
}
