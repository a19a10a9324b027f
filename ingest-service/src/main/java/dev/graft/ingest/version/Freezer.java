package dev.graft.ingest.version;

import dev.graft.contracts.DatasetFrozen;
import dev.graft.contracts.EventCodec;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ObjectKeys;
import dev.graft.ingest.TemporaryFiles;
import dev.graft.ingest.dataset.Census;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.ingest.dataset.Datasets;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Freezes datasets.
///
/// No lock is held while a manifest is written. It lies under the digest of its bytes, so that it never
/// changes, and that an attempt which was cut off, or another which freezes the same at the same moment, writes
/// the same object. Only then is its row written, with the next number, while the dataset is locked. Blocks;
/// not for event loops.
@Singleton
class Freezer {
    private static final String JSON_LINES = "application/jsonl";
    private static final int PAGE = 5_000;

    /// What readers of manifests take; some four million images.
    private static final long MAX_MANIFEST_SIZE_BYTES = 512L << 20;

    private final EventCodec codec = new EventCodec();
    private final Versions versions;
    private final Datasets datasets;
    private final ObjectStore objects;
    private final TemporaryFiles files;
    private final Outbox outbox;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;

    Freezer(
            Versions versions,
            Datasets datasets,
            ObjectStore objects,
            TemporaryFiles files,
            Outbox outbox,
            IdempotencyKeys idempotency,
            Transactions transactions) {
        this.versions = versions;
        this.datasets = datasets;
        this.objects = objects;
        this.files = files;
        this.outbox = outbox;
        this.idempotency = idempotency;
        this.transactions = transactions;
    }

    /// Gives the newest version when the dataset has not changed since, or else makes one.
    Answer freeze(String name, @Nullable String key) throws IOException {
        RequestName request = new RequestName("freeze", key, name);
        Optional<Answer> before = transactions.call(session -> idempotency.recall(session, request));
        if (before.isPresent()) {
            return before.get();
        }
        Path file = files.create();
        try (Manifest manifest = new Manifest(file)) {
            Dataset dataset = transactions.call(session -> read(session, name, manifest));
            String digest = manifest.finish();
            check(name, manifest);
            String manifestKey = ObjectKeys.manifest(digest);
            if (!objects.exists(manifestKey)) {
                objects.put(manifestKey, ObjectContent.of(file, JSON_LINES));
            }
            return transactions.call(session ->
                    idempotency.once(session, request, () -> record(session, dataset, digest, manifest.census())));
        } finally {
            files.discard(file);
        }
    }

    /// Reads everything as of one moment, in pages. What a page adds to the file is about as much work as its
    /// JSON, so that it may be done on the event loop, too. The first statement is native: neither HQL nor
    /// Hibernate Reactive sets the isolation of one transaction.
    private Uni<Dataset> read(Mutiny.Session session, String name, Manifest manifest) {
        return session.createNativeQuery("set transaction isolation level repeatable read, read only")
                .executeUpdate()
                .chain(() -> datasets.get(session, name))
                .call(dataset -> readPages(session, dataset, manifest));
    }

    private static Uni<Void> readPages(Mutiny.Session session, Dataset dataset, Manifest manifest) {
        return session.createSelectionQuery("""
                        select new dev.graft.contracts.ManifestEntry(m.imageId, m.label, m.split)
                        from Membership m where m.datasetId = :dataset and m.imageId > :after
                        order by m.imageId""", ManifestEntry.class)
                .setParameter("dataset", dataset.id())
                .setParameter("after", manifest.lastImageId())
                .setMaxResults(PAGE)
                .getResultList()
                .invoke(entries -> entries.forEach(manifest::add))
                .chain(entries ->
                        entries.size() < PAGE ? Uni.createFrom().voidItem() : readPages(session, dataset, manifest));
    }

    private static void check(String name, Manifest manifest) {
        if (manifest.sizeBytes() == 0) {
            throw new ProblemException(
                    ProblemType.DATASET_EMPTY, "The dataset %s has no pictures to freeze.".formatted(name));
        }
        if (manifest.sizeBytes() > MAX_MANIFEST_SIZE_BYTES) {
            throw new ProblemException(
                    ProblemType.CONTENT_TOO_LARGE,
                    "The dataset %s has too many pictures to freeze: its manifest would have %,d bytes, at most %,d are read. Split it."
                            .formatted(name, manifest.sizeBytes(), MAX_MANIFEST_SIZE_BYTES));
        }
    }

    /// A dataset of the same name that was made while the manifest was written does not get the old one's
    /// content.
    private Uni<Answer> record(Mutiny.Session session, Dataset read, String digest, Census census) {
        return datasets.lock(session, read)
                .chain(dataset -> versions.newest(session, dataset)
                        .chain(newest -> newest.filter(version -> version.manifestDigest.equals(digest))
                                .map(same -> Uni.createFrom().item(idempotency.answer(200, same.view(dataset))))
                                .orElseGet(() -> add(
                                        session,
                                        dataset,
                                        1
                                                + newest.map(version -> version.number)
                                                        .orElse(0),
                                        digest,
                                        census))));
    }

    private Uni<Answer> add(Mutiny.Session session, Dataset dataset, int number, String digest, Census census) {
        String key = ObjectKeys.manifest(digest);
        DatasetFrozen frozen =
                new DatasetFrozen(dataset.name(), number, key, digest, census.images(), census.classes());
        checkSize(frozen);
        DatasetVersion version = new DatasetVersion(dataset, number, key, digest, census);
        return session.persist(version)
                .chain(() -> outbox.append(session, frozen))
                .map(_ -> idempotency.answer(201, version.view(dataset)));
    }

    private void checkSize(DatasetFrozen frozen) {
        try {
            codec.encode(frozen);
        } catch (IllegalArgumentException tooLarge) {
            throw new ProblemException(
                    ProblemType.CONTENT_TOO_LARGE,
                    "The dataset %s has %,d classes, whose names together are too long to be published. Use fewer or shorter names."
                            .formatted(frozen.datasetName(), frozen.classes().size()));
        }
    }
}
