package dev.graft.feature.pipeline;

import dev.graft.feature.embedding.Embeddings;
import dev.graft.feature.embedding.EmbeddingsCommitted;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.embedding.Segment;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.PendingImages;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Commits as usual, but at some input sizes no embedding, ever; each has a fault of its own.
@Alternative
@Singleton
public class FaultyCommits extends EmbeddingCommits {
    /// The input size at which a commit breaks a rule of the program.
    public static final int BROKEN_PIXELS = 448;

    /// The input size at which the database ends the commit because it takes too long.
    public static final int SLOW_PIXELS = 480;

    private final Transactions transactions;

    FaultyCommits(
            Transactions transactions,
            PendingImages pending,
            Embeddings embeddings,
            Outbox outbox,
            Settlement settlement,
            Event<EmbeddingsCommitted> committed) {
        super(transactions, pending, embeddings, outbox, settlement, committed);
        this.transactions = transactions;
    }

    @Override
    public boolean commit(
            Claim claim,
            KnownExtractor extractor,
            @Nullable Segment segment,
            String objectKey,
            List<Failure> failures) {
        if (segment != null && extractor.inputSizePixels() == BROKEN_PIXELS) {
            throw new IllegalStateException("a rule of the program is broken");
        }
        if (segment != null && extractor.inputSizePixels() == SLOW_PIXELS) {
            String unused = transactions.call(session -> session.createNativeQuery("set local statement_timeout = 1")
                    .executeUpdate()
                    .chain(() -> session.createNativeQuery("select cast(pg_sleep(30) as text)", String.class)
                            .getSingleResult()));
        }
        return super.commit(claim, extractor, segment, objectKey, failures);
    }
}
