package dev.graft.feature.pipeline;

import dev.graft.contracts.EmbeddingSegmentComputed;
import dev.graft.feature.embedding.Embeddings;
import dev.graft.feature.embedding.EmbeddingsCommitted;
import dev.graft.feature.embedding.Failure;
import dev.graft.feature.embedding.Segment;
import dev.graft.feature.extractor.KnownExtractor;
import dev.graft.feature.queue.Claim;
import dev.graft.feature.queue.ExtractorLock;
import dev.graft.feature.queue.PendingImages;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Makes the results of a claim durable, in one transaction: index rows, reasons of failures, what those who wait for
/// them note, the event; and the images leave the queue.
///
/// The claim is the fence. Where its row is gone, somebody else has the images now, or they are committed
/// already, and nothing is changed.
@ApplicationScoped
public class EmbeddingCommits {
    private final Transactions transactions;
    private final PendingImages pending;
    private final Embeddings embeddings;
    private final Outbox outbox;
    private final Settlement settlement;
    private final Event<EmbeddingsCommitted> committed;

    EmbeddingCommits(
            Transactions transactions,
            PendingImages pending,
            Embeddings embeddings,
            Outbox outbox,
            Settlement settlement,
            Event<EmbeddingsCommitted> committed) {
        this.transactions = transactions;
        this.pending = pending;
        this.embeddings = embeddings;
        this.outbox = outbox;
        this.settlement = settlement;
        this.committed = committed;
    }

    /// Commits what became of a claim's images. The segment's file must lie in the object store already.
    ///
    /// @param segment  the vectors; null when every image failed
    /// @param failures the images without a vector
    /// @return false when the claim was lost, and nothing was changed
    public boolean commit(
            Claim claim,
            KnownExtractor extractor,
            @Nullable Segment segment,
            String objectKey,
            List<Failure> failures) {
        boolean done = transactions.call(session -> ExtractorLock.shared(session, extractor.id())
                .chain(() -> pending.settle(session, claim))
                .call(held -> held
                        ? record(session, extractor, segment, objectKey, failures)
                        : Uni.createFrom().voidItem()));
        if (done) {
            committed.fire(new EmbeddingsCommitted());
        }
        return done;
    }

    private Uni<Void> record(
            Mutiny.Session session,
            KnownExtractor extractor,
            @Nullable Segment segment,
            String objectKey,
            List<Failure> failures) {
        Uni<Void> work = Uni.createFrom().voidItem();
        if (!failures.isEmpty()) {
            List<String> images = failures.stream().map(Failure::imageId).toList();
            work = work.chain(() -> embeddings.insertFailures(session, extractor.id(), failures))
                    .chain(() -> settlement.failed(session, extractor.id(), images));
        }
        if (segment != null) {
            work = work.chain(() -> embeddings.insert(session, extractor.id(), segment, objectKey))
                    .chain(() -> settlement.computed(session, extractor.id(), segment.imageIds()))
                    .chain(() -> outbox.append(session, computed(extractor, segment, objectKey)));
        }
        return work;
    }

    private static EmbeddingSegmentComputed computed(KnownExtractor extractor, Segment segment, String objectKey) {
        return new EmbeddingSegmentComputed(
                segment.id().toString(),
                extractor.digest(),
                extractor.backbone(),
                extractor.layer(),
                objectKey,
                segment.dimension(),
                segment.imageIds());
    }
}
