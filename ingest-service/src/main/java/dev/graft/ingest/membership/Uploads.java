package dev.graft.ingest.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.contracts.Split;
import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.http.Answer;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.IdempotencyKeys.RequestName;
import dev.graft.ingest.picture.Addition;
import dev.graft.ingest.picture.Additions;
import dev.graft.ingest.picture.Candidate;
import dev.graft.ingest.picture.Checked;
import dev.graft.ingest.picture.PictureChecker;
import dev.graft.ingest.picture.PictureMetrics;
import dev.graft.ingest.picture.PictureStore;
import dev.graft.ingest.picture.Verdict;
import dev.graft.messaging.Transactions;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// Adds pictures that are sent one by one. Only so many are in memory at one moment; further senders wait.
@Singleton
public class Uploads {
    private final PictureChecker checker;
    private final PictureStore store;
    private final Additions additions;
    private final Datasets datasets;
    private final Memberships memberships;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;
    private final PictureMetrics metrics;
    private final int maxFileSizeBytes;
    private final Semaphore places;

    Uploads(
            PictureChecker checker,
            PictureStore store,
            Additions additions,
            Datasets datasets,
            Memberships memberships,
            IdempotencyKeys idempotency,
            Transactions transactions,
            PictureMetrics metrics,
            IngestConfig config) {
        this.checker = checker;
        this.store = store;
        this.additions = additions;
        this.datasets = datasets;
        this.memberships = memberships;
        this.idempotency = idempotency;
        this.transactions = transactions;
        this.metrics = metrics;
        this.maxFileSizeBytes = config.decode().maxFileSizeBytes();
        this.places = new Semaphore(config.concurrentUploads(), true);
    }

    /// Says where pictures go.
    record Destination(
            String dataset, String label, @Nullable Split split) {

        /// Reads the parameters of a request.
        ///
        /// @throws ProblemException when one of them is missing or not allowed
        static Destination of(String dataset, @Nullable String label, @Nullable String split) {
            if (label == null) {
                throw new ProblemException(ProblemType.LABEL_MISSING, "Say which label the picture has.", "label");
            }
            Labels.complaint(label).ifPresent(complaint -> {
                throw new ProblemException(ProblemType.INVALID_REQUEST, complaint, "label");
            });
            return new Destination(dataset, label, split(split));
        }

        /// @throws ProblemException when there is no such part
        static @Nullable Split split(@Nullable String name) {
            if (name == null || name.isEmpty()) {
                return null;
            }
            return Stream.of(Split.values())
                    .filter(split -> split.wireName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ProblemException(
                            ProblemType.INVALID_REQUEST, "split must be train, val or test.", "split"));
        }
    }

    /// Adds a picture.
    ///
    /// @param declaredBytes the size as the sender says; negative when it does not
    /// @return the picture, or the problem that is recorded as its refusal
    Answer add(
            Destination destination,
            @Nullable String sentName,
            long declaredBytes,
            InputStream body,
            @Nullable String key)
            throws IOException, InterruptedException {
        String fileName = FileNames.clean(sentName);
        transactions.call(session -> datasets.get(session, destination.dataset()));
        places.acquire();
        try {
            Checked checked = check(destination, fileName, declaredBytes, body);
            store.keep(List.of(checked));
            RequestName request = new RequestName(
                    "add-image", key, checked.candidate().rejectId().toString());
            List<Addition> done = new ArrayList<>(1);
            Answer answer = transactions.call(session -> idempotency.once(
                    session,
                    request,
                    () -> add(session, destination, checked).map(result -> {
                        done.add(result.addition());
                        return answer(result);
                    })));
            metrics.count(done);
            return answer;
        } finally {
            places.release();
        }
    }

    /// Adds the files of a form, one after the other.
    UploadResultsView addAll(Destination destination, List<FileUpload> files) throws IOException, InterruptedException {
        transactions.call(session -> datasets.get(session, destination.dataset()));
        List<UploadResultsView.Result> results = new ArrayList<>(files.size());
        for (FileUpload file : files) {
            String fileName = FileNames.clean(file.fileName());
            places.acquire();
            try (InputStream body = Files.newInputStream(file.uploadedFile())) {
                Checked checked = check(destination, fileName, file.size(), body);
                store.keep(List.of(checked));
                Result result = transactions.call(session -> add(session, destination, checked));
                metrics.count(List.of(result.addition()));
                results.add(new UploadResultsView.Result(
                        fileName, result.addition() instanceof Addition.Accepted, result.view(), problem(result)));
            } finally {
                places.release();
            }
        }
        return new UploadResultsView(results);
    }

    private record Result(Addition addition, @Nullable DatasetImageView view) {}

    private Checked check(Destination destination, @Nullable String fileName, long declaredBytes, InputStream body)
            throws IOException, InterruptedException {
        byte[] bytes = declaredBytes > maxFileSizeBytes ? new byte[0] : body.readNBytes(maxFileSizeBytes + 1);
        if (declaredBytes > maxFileSizeBytes || bytes.length > maxFileSizeBytes) {
            return Checked.unseen(
                    rejectId(destination, fileName, "too large"),
                    fileName,
                    destination.label(),
                    ProblemType.IMAGE_TOO_LARGE,
                    "The file has more than %,d bytes. Send a smaller or more compressed picture."
                            .formatted(maxFileSizeBytes));
        }
        Verdict verdict = checker.check(bytes);
        UUID rejectId = rejectId(destination, fileName, verdict.contentDigest());
        return Checked.of(rejectId, fileName, destination.label(), destination.split(), bytes, verdict);
    }

    /// Names all that a request says, so that the same request sent again is recorded once.
    private static UUID rejectId(Destination destination, @Nullable String fileName, String content) {
        String all = String.join("\n", destination.toString(), Objects.toString(fileName, ""), content);
        return UUID.nameUUIDFromBytes(all.getBytes(UTF_8));
    }

    private Uni<Result> add(Mutiny.Session session, Destination destination, Checked checked) {
        return datasets.hold(session, destination.dataset())
                .chain(dataset -> additions
                        .add(session, dataset, List.of(checked.candidate()), null)
                        .map(List::getFirst)
                        .chain(addition -> addition instanceof Addition.Rejected
                                ? Uni.createFrom().item(new Result(addition, null))
                                : memberships
                                        .get(session, dataset, imageId(checked))
                                        .map(view -> new Result(addition, view))));
    }

    private static String imageId(Checked checked) {
        return switch (checked.candidate()) {
            case Candidate.Picture picture -> picture.picture().imageId();
            case Candidate.Unfit _ -> throw new IllegalStateException("a file without a picture was added");
        };
    }

    private Answer answer(Result result) {
        return switch (result.addition()) {
            case Addition.Accepted _ -> idempotency.answer(201, Objects.requireNonNull(result.view()));
            case Addition.Duplicate _ -> idempotency.answer(200, Objects.requireNonNull(result.view()));
            case Addition.Rejected rejected ->
                idempotency.answer(rejected.type().status(), Problem.of(rejected.type(), rejected.detail()));
        };
    }

    private static @Nullable Problem problem(Result result) {
        return result.addition() instanceof Addition.Rejected rejected
                ? Problem.of(rejected.type(), rejected.detail())
                : null;
    }
}
