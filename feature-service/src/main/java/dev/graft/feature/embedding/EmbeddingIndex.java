package dev.graft.feature.embedding;

import static java.util.stream.Collectors.toMap;

import dev.graft.contracts.EmbeddingLocation;
import dev.graft.messaging.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Finds where embeddings lie. All methods block and are safe for many threads.
@ApplicationScoped
public class EmbeddingIndex {
    private final Transactions transactions;
    private final Embeddings embeddings;

    EmbeddingIndex(Transactions transactions, Embeddings embeddings) {
        this.transactions = transactions;
        this.embeddings = embeddings;
    }

    /// Finds the locations of some images' embeddings; images without one are left out.
    ///
    /// @param imageIds at most some thousands at a time
    public Map<String, EmbeddingLocation> locate(int extractorId, List<String> imageIds) {
        return transactions.call(session -> embeddings.locate(session, extractorId, imageIds)).stream()
                .collect(toMap(EmbeddingLocation::imageId, Function.identity()));
    }

    /// Finds the location of an image's embedding.
    public Optional<EmbeddingLocation> find(int extractorId, String imageId) {
        return transactions.call(session -> embeddings.find(session, extractorId, imageId));
    }

    /// Finds why an image has no embedding; empty when nothing speaks against one.
    public Optional<Failure> failure(int extractorId, String imageId) {
        return transactions.call(session -> embeddings.findFailure(session, extractorId, imageId));
    }
}
