package dev.graft.ingest.reject;

import dev.graft.contracts.Split;
import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.dataset.Splits;
import dev.graft.ingest.http.Answer;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.IdempotencyKeys.RequestName;
import dev.graft.ingest.membership.Memberships;
import dev.graft.ingest.picture.Addition;
import dev.graft.ingest.picture.Additions;
import dev.graft.ingest.picture.Checked;
import dev.graft.ingest.picture.HeldFiles;
import dev.graft.ingest.picture.PictureChecker;
import dev.graft.ingest.picture.PictureStore;
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

/// Tries refused files again: after the software learned to read them, or a conflict was mended. Blocks; not for event
/// loops.
@Singleton
class Replays {
    private final Rejects rejects;
    private final ObjectStore objects;
    private final PictureChecker checker;
    private final PictureStore store;
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
            PictureChecker checker,
            PictureStore store,
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
    /// @return the picture, or the problem that still stands
    Answer replay(UUID rejectId, @Nullable String wantedLabel, @Nullable String key) throws InterruptedException {
        Rejects.Entry entry = transactions.call(session -> rejects.hold(session, rejectId));
        String wanted = wantedLabel == null ? entry.view().label() : wantedLabel;
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
            checked = checkAndKeep(entry, label);
        }
        return transactions.call(
                session -> idempotency.once(session, request, () -> add(session, entry.view(), checked)));
    }

    private Checked checkAndKeep(Rejects.Entry entry, String label) throws InterruptedException {
        String objectKey = entry.objectKey();
        if (objectKey == null) {
            throw new ProblemException(ProblemType.CONFLICT, "The file's bytes were not kept. Send it again instead.");
        }
        byte[] bytes = objects.read(objectKey, maxFileSizeBytes);
        RejectView view = entry.view();
        Split split = Splits.ofRow(view.split());
        Checked checked = Checked.of(view.id(), view.file(), label, split, bytes, checker.check(bytes));
        store.keep(List.of(checked));
        return checked;
    }

    private Uni<Answer> add(Mutiny.Session session, RejectView reject, Checked checked) {
        UUID rejectId = reject.id();
        return datasets.hold(session, reject.dataset())
                .call(() -> rejects.hold(session, rejectId))
                .chain(dataset -> additions
                        .add(session, dataset, List.of(checked.candidate()), null)
                        .map(List::getFirst)
                        .chain(addition -> switch (addition) {
                            case Addition.Accepted accepted ->
                                rejects.replayed(session, rejectId, accepted.imageId())
                                        .chain(() -> memberships.get(session, dataset, accepted.imageId()))
                                        .map(view -> idempotency.answer(201, view));
                            case Addition.Duplicate duplicate ->
                                rejects.replayed(session, rejectId, duplicate.imageId())
                                        .chain(() -> memberships.get(session, dataset, duplicate.imageId()))
                                        .map(view -> idempotency.answer(200, view));
                            case Addition.Rejected rejected ->
                                Uni.createFrom()
                                        .item(idempotency.answer(
                                                rejected.type().status(),
                                                Problem.of(rejected.type(), rejected.detail())));
                        }));
    }
}
