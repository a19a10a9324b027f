package dev.graft.ingest.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.contracts.Split;
import dev.graft.ingest.IngestConfig;
import dev.graft.ingest.TemporaryFiles;
import dev.graft.ingest.dataset.Datasets;
import dev.graft.ingest.dataset.Labels;
import dev.graft.ingest.http.Answer;
import dev.graft.ingest.http.IdempotencyKeys;
import dev.graft.ingest.http.IdempotencyKeys.RequestName;
import dev.graft.ingest.intake.Addition;
import dev.graft.ingest.intake.Additions;
import dev.graft.ingest.intake.Candidate;
import dev.graft.ingest.intake.Checked;
import dev.graft.ingest.intake.HeldFiles;
import dev.graft.ingest.intake.ImageChecker;
import dev.graft.ingest.intake.ImageMetrics;
import dev.graft.ingest.intake.ImageStore;
import dev.graft.ingest.intake.Verdict;
import dev.graft.messaging.Transactions;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// Adds images that are sent one by one. Their bytes wait on disk until there is room for them in memory.
@Singleton
public class Uploads {
    private final ImageChecker checker;
    private final ImageStore store;
    private final Additions additions;
    private final Datasets datasets;
    private final Memberships memberships;
    private final IdempotencyKeys idempotency;
    private final Transactions transactions;
    private final ImageMetrics metrics;
    private final HeldFiles held;
    private final TemporaryFiles files;
    private final int maxFileSizeBytes;

    Uploads(
            ImageChecker checker,
            ImageStore store,
            Additions additions,
            Datasets datasets,
            Memberships memberships,
            IdempotencyKeys idempotency,
            Transactions transactions,
            ImageMetrics metrics,
            HeldFiles held,
            TemporaryFiles files,
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
        this.held = held;
        this.files = files;
    }

    /// Says where images go.
    record Destination(
            String dataset, String label, @Nullable Split split) {

        /// Reads the parameters of a request.
        ///
        /// @throws ProblemException when one of them is missing or not allowed
        static Destination of(String dataset, @Nullable String label, @Nullable String split) {
            if (label == null) {
                throw new ProblemException(ProblemType.LABEL_MISSING, "Say which label the picture has.", "label");
            }
            String composed = Labels.composed(label);
            Labels.complaint(composed).ifPresent(complaint -> {
                throw new ProblemException(ProblemType.INVALID_REQUEST, complaint, "label");
            });
            return new Destination(dataset, composed, split(split));
        }

        /// @throws ProblemException when there is no such split
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

    /// Adds an image.
    ///
    /// @param declaredBytes the size as the sender says; negative when it does not
    /// @return the image, or the problem that is recorded as its refusal
    Answer add(
            Destination destination,
            @Nullable String sentName,
            long declaredBytes,
            InputStream body,
            @Nullable String key)
            throws IOException, InterruptedException {
        String fileName = FileNames.clean(sentName);
        transactions.call(session -> datasets.get(session, destination.dataset()));
        if (declaredBytes > maxFileSizeBytes) {
            return add(destination, tooLarge(destination, fileName), "add-image", key);
        }
        Path file = files.receive(body, maxFileSizeBytes);
        try {
            return add(destination, fileName, file, "add-image", key);
        } finally {
            files.discard(file);
        }
    }

    /// Adds the files of a form, one after the other. Under a key each of them is added once by its place in
    /// the form.
    UploadResultsView addAll(Destination destination, List<FileUpload> uploads, @Nullable String key)
            throws IOException, InterruptedException {
        transactions.call(session -> datasets.get(session, destination.dataset()));
        List<UploadResultsView.Result> results = new ArrayList<>(uploads.size());
        for (FileUpload upload : uploads) {
            String fileName = FileNames.clean(upload.fileName());
            String operation = "add-image/" + results.size();
            results.add(result(fileName, add(destination, fileName, upload.uploadedFile(), operation, key)));
        }
        return new UploadResultsView(results);
    }

    private UploadResultsView.Result result(@Nullable String fileName, Answer answer) {
        return answer.status() < 400
                ? new UploadResultsView.Result(
                        fileName, answer.status() == 201, idempotency.read(answer, DatasetImageView.class), null)
                : new UploadResultsView.Result(fileName, false, null, idempotency.read(answer, Problem.class));
    }

    /// Adds a file that is all here: a slow sender keeps nobody waiting.
    private Answer add(
            Destination destination, @Nullable String fileName, Path file, String operation, @Nullable String key)
            throws IOException, InterruptedException {
        long sizeBytes = Files.size(file);
        if (sizeBytes > maxFileSizeBytes) {
            return add(destination, tooLarge(destination, fileName), operation, key);
        }
        try (HeldFiles.Room _ = held.room(sizeBytes)) {
            byte[] bytes = Files.readAllBytes(file);
            Verdict verdict = checker.check(bytes);
            UUID rejectId = rejectId(destination, fileName, verdict.contentDigest());
            Checked checked = Checked.of(rejectId, fileName, destination.label(), destination.split(), bytes, verdict);
            store.keep(List.of(checked));
            return add(destination, checked, operation, key);
        }
    }

    private Checked tooLarge(Destination destination, @Nullable String fileName) {
        return Checked.unseen(
                rejectId(destination, fileName, "too large"),
                fileName,
                destination.label(),
                ProblemType.IMAGE_TOO_LARGE,
                "The file has more than %,d bytes. Send a smaller or more compressed picture."
                        .formatted(maxFileSizeBytes));
    }

    private Answer add(Destination destination, Checked checked, String operation, @Nullable String key) {
        RequestName request =
                new RequestName(operation, key, checked.candidate().rejectId().toString());
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
    }

    private record Result(Addition addition, @Nullable DatasetImageView view) {}

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
            case Candidate.Image image -> image.image().imageId();
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
}
