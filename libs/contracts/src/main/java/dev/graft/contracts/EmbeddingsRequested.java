package dev.graft.contracts;

/// The embeddings of every picture of a manifest are wanted.
///
/// @param jobId       chosen by who asks; asking twice with one id is asking once
/// @param manifestKey the object that lists the pictures
public record EmbeddingsRequested(String jobId, ExtractorChoice extractor, String manifestKey) implements Event {
    @Override
    public String partitionKey() {
        return jobId;
    }
}
