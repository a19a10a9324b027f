package dev.graft.ingest.version;

import dev.graft.contracts.DatasetFrozen;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.dataset.Splits;
import dev.graft.ingest.http.Answer;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.IdempotencyKeys.RequestName;
import dev.graft.messaging.Outbox;
import dev.graft.messaging.Transactions;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Freezes datasets.
///
/// No lock is held while a manifest is written. Its key is taken by the write itself, which only succeeds where nothing
/// is, so a manifest never changes: whoever finds another one under its number takes the next, and whoever finds its
/// own (of an attempt that was cut off, or of someone who freezes the same at the same moment) goes on with that.
/// Blocks; not for event loops.
@Singleton
class Freezer {
    private static final String JSON_LINES = "application/jsonl";
    private static final int PAGE = 10_000;

    private final Versions versions;
    private final Datasets datasets;
    private final ObjectStore objects;
    private final Outbox outbox;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;

    Freezer(
            Versions versions,
            Datasets datasets,
            ObjectStore objects,
            Outbox outbox,
            IdempotencyKeys idempotency,
            Transactions transactions) {
        this.versions = versions;
        this.datasets = datasets;
        this.objects = objects;
        this.outbox = outbox;
        this.idempotency = idempotency;
        this.transactions = transactions;
    }

    /// Gives the newest version when the dataset has not changed since, or else makes one.
    Answer freeze(String name, @Nullable String key) {
        RequestName request = new RequestName("freeze", key, name);
        Optional<Answer> before = transactions.call(session -> idempotency.recall(session, request));
        if (before.isPresent()) {
            return before.get();
        }
        Snapshot snapshot = transactions.call(session -> snapshot(session, name));
        byte[] bytes = snapshot.manifest().bytes();
        String digest = Sha256.of(bytes);
        Optional<VersionView> newest = snapshot.newest();
        if (newest.isPresent() && newest.get().manifestDigest().equals(digest)) {
            return transactions.call(session -> idempotency.once(
                    session, request, () -> Uni.createFrom().item(idempotency.answer(200, newest.get()))));
        }
        if (bytes.length == 0) {
            throw new ProblemException(
                    ProblemType.DATASET_EMPTY, "The dataset %s has no pictures to freeze.".formatted(name));
        }
        if (bytes.length > ObjectContent.MAX_CONDITIONAL_SIZE_BYTES) {
            throw new ProblemException(
                    ProblemType.CONTENT_TOO_LARGE,
                    "The dataset %s has too many pictures to freeze: its manifest would have %,d bytes, at most %,d can be written."
                            .formatted(name, bytes.length, ObjectContent.MAX_CONDITIONAL_SIZE_BYTES));
        }
        int version = place(name, newest.map(VersionView::version).orElse(0) + 1, bytes);
        return transactions.call(session -> idempotency.once(
                session, request, () -> record(session, snapshot.dataset(), version, digest, snapshot.manifest())));
    }

    private record Snapshot(Dataset dataset, Manifest manifest, Optional<VersionView> newest) {}

    /// Reads everything as of one moment, in pages.
    private Uni<Snapshot> snapshot(Mutiny.Session session, String name) {
        Manifest manifest = new Manifest();
        return session.createNativeQuery("set transaction isolation level repeatable read, read only")
                .executeUpdate()
                .chain(() -> datasets.get(session, name))
                .chain(dataset -> versions.newest(session, dataset)
                        .call(() -> readPages(session, dataset, manifest))
                        .map(newest -> new Snapshot(dataset, manifest, newest)));
    }

    private static Uni<Void> readPages(Mutiny.Session session, Dataset dataset, Manifest manifest) {
        return session.createNativeQuery("""
                        select image_id, label, split from dataset_image
                        where dataset_id = :dataset and image_id > :after order by image_id""", Object[].class)
                .setParameter("dataset", dataset.id())
                .setParameter("after", manifest.lastImageId())
                .setMaxResults(PAGE)
                .getResultList()
                .invoke(rows -> rows.forEach(row -> manifest.add(
                        new ManifestEntry((String) row[0], (String) row[1], Splits.ofRow((String) row[2])))))
                .chain(rows ->
                        rows.size() < PAGE ? Uni.createFrom().voidItem() : readPages(session, dataset, manifest));
    }

    /// Writes the manifest under the first number that is free or holds the same.
    private int place(String name, int firstVersion, byte[] bytes) {
        String digest = Sha256.of(bytes);
        for (int version = firstVersion; ; version++) {
            String key = ObjectKeys.manifest(name, version);
            if (objects.putIfAbsent(key, ObjectContent.of(bytes, JSON_LINES))
                    || digest.equals(digestOf(key, bytes.length))) {
                return version;
            }
        }
    }

    private @Nullable String digestOf(String key, int sizeBytes) {
        boolean sameSize = objects.head(key)
                .filter(found -> found.sizeBytes() == sizeBytes)
                .isPresent();
        return sameSize ? Sha256.of(objects.read(key, sizeBytes)) : null;
    }

    private Uni<Answer> record(Mutiny.Session session, Dataset dataset, int version, String digest, Manifest manifest) {
        String key = ObjectKeys.manifest(dataset.name(), version);
        DatasetFrozen frozen = new DatasetFrozen(
                dataset.name(),
                version,
                key,
                digest,
                manifest.census().images(),
                manifest.census().classes());
        return versions.insert(session, dataset, version, key, digest, manifest.census())
                .call(inserted -> inserted
                        ? outbox.append(session, frozen)
                        : Uni.createFrom().voidItem())
                .chain(inserted -> versions.get(session, dataset, version)
                        .map(view -> idempotency.answer(inserted ? 201 : 200, view)));
    }
}
