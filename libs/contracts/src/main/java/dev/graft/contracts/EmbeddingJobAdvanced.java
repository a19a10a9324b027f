package dev.graft.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A request for embeddings came further, or to its end.
///
/// @param total           pictures asked for
/// @param cached          of these, how many had an embedding when the request came
/// @param computed        how many have got one since
/// @param failed          how many cannot get one (their reasons are in the service's log)
/// @param extractorDigest identity of the extractor that the choice meant; absent while it is not resolved
/// @param indexKey        the object that says where each vector lies, in manifest order; present when completed
/// @param detail          why it failed; present when failed
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingJobAdvanced(
        String jobId,
        State state,
        long total,
        long cached,
        long computed,
        long failed,
        @Nullable String extractorDigest,
        @Nullable String indexKey,
        @Nullable String detail)
        implements Event {

    /// Where a request stands.
    public enum State {
        RUNNING,
        COMPLETED,
        FAILED
    }

    @Override
    public String partitionKey() {
        return jobId;
    }
}
