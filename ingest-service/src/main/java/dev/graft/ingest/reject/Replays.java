package dev.graft.ingest.reject;

import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.http.Answer;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.IdempotencyKeys.RequestName;
import dev.graft.ingest.intake.Addition;
import dev.graft.ingest.intake.Additions;
import dev.graft.ingest.intake.Checked;
import dev.graft.ingest.intake.HeldFiles;
import dev.graft.ingest.intake.ImageChecker;
import dev.graft.ingest.intake.ImageStore;
import dev.graft.ingest.membership.Memberships;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Tries refused files again: after the software learned to read them, or a conflict was mended. Blocks; not
/// for event loops.
@Singleton
class Replays {
    private final Rejects rejects;
    private final ObjectStore objects;
    private final ImageChecker checker;
    private final ImageStore store;
    private final HeldFiles held;
    private final Datasets datasets;
    private final Additions additions;
    private final Memberships memberships;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;
    private final int maxFileSizeBytes;

    Replays(
            Rejects rejects,
            ObjectStore objects,
            ImageChecker checker,
            ImageStore store,
            HeldFiles held,
            Datasets datasets,
            Additions additions,
            Memberships memberships,
            IdempotencyKeys idempotency,
            Transactions transactions,
            IngestConfig config) {
        this.rejects = rejects;
        this.objects = objects;
        this.checker = checker;
        this.store = store;
        this.held = held;
        this.datasets = datasets;
        this.additions = additions;
        this.memberships = memberships;
        this.idempotency = idempotency;
        this.transactions = transactions;
        this.maxFileSizeBytes = config.decode().maxFileSizeBytes();
    }

    /// Tries once more.
    ///
    /// @param wantedLabel instead of the label that the file was sent with; absent to keep that
    /// @return the image, or the problem that still stands
    Answer replay(UUID rejectId, @Nullable String wantedLabel, @Nullable String key) throws InterruptedException {
        Reject reject = transactions.call(session -> rejects.hold(session, rejectId));
        String wanted = wantedLabel == null ? reject.label : wantedLabel;
        if (wanted == null) {
            throw new ProblemException(ProblemType.LABEL_MISSING, "Say which label the picture has.", "label");
        }
        String label = Labels.composed(wanted);
        Labels.complaint(label).ifPresent(complaint -> {
            throw new ProblemException(ProblemType.INVALID_REQUEST, complaint, "label");
        });
        RequestName request = new RequestName("replay", key, rejectId + "\n" + label);
        Checked checked;
        try (HeldFiles.Room _ = held.room(maxFileSizeBytes)) {
            checked = checkAndKeep(reject, label);
        }
        return transactions.call(session ->
                idempotency.once(session, request, () -> add(session, reject.dataset.name(), rejectId, checked)));
    }

    private Checked checkAndKeep(Reject reject, String label) throws InterruptedException {
        String objectKey = reject.objectKey;
        if (objectKey == null) {
            throw new ProblemException(ProblemType.CONFLICT, "The file's bytes were not kept. Send it again instead.");
        }
        byte[] bytes = objects.read(objectKey, maxFileSizeBytes);
        Checked checked = Checked.of(reject.id, reject.fileName, label, reject.split, bytes, checker.check(bytes));
        store.keep(List.of(checked));
        return checked;
    }

    private Uni<Answer> add(Mutiny.Session session, String datasetName, UUID rejectId, Checked checked) {
        return datasets.hold(session, datasetName)
                .chain(dataset -> rejects.hold(session, rejectId)
                        .chain(reject -> additions
                                .add(session, dataset, List.of(checked.candidate()), null)
                                .map(List::getFirst)
                                .chain(addition -> switch (addition) {
                                    case Addition.Accepted accepted ->
                                        added(session, dataset, reject, accepted.imageId(), 201);
                                    case Addition.Duplicate duplicate ->
                                        added(session, dataset, reject, duplicate.imageId(), 200);
                                    case Addition.Rejected rejected ->
                                        Uni.createFrom()
                                                .item(idempotency.answer(
                                                        rejected.type().status(),
                                                        Problem.of(rejected.type(), rejected.detail())));
                                })));
    }

    private Uni<Answer> added(Mutiny.Session session, Dataset dataset, Reject reject, String imageId, int status) {
        reject.replayedAs(imageId);
        return memberships.get(session, dataset, imageId).map(view -> idempotency.answer(status, view));
    }
}
