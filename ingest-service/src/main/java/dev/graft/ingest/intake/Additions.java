package dev.graft.ingest.intake;

import dev.graft.contracts.Event;
import dev.graft.contracts.ImageIngested;
import dev.graft.contracts.ImageLabelled;
import dev.graft.contracts.ImageRejected;
import dev.graft.ingest.dataset.Dataset;
import dev.graft.messaging.Outbox;
import dev.graft.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Adds checked files to a dataset: rows and events in the caller's transaction.
///
/// What the dataset has stays: equal bytes that come later are duplicates, or are refused when their label is
/// another. Among the files of one import this is settled before they come here, whatever their order.
@Singleton
public class Additions {
    private final Outbox outbox;
    private final ImageRows rows;
    private final ImportFindings findings;

    Additions(Outbox outbox, ImageRows rows, ImportFindings findings) {
        this.outbox = outbox;
        this.rows = rows;
        this.findings = findings;
    }

    /// Adds files in their order.
    ///
    /// @param dataset  locked by the caller, so that it is not deleted meanwhile
    /// @param origin   the import that the files come from; absent for uploads
    /// @return what became of each candidate, in the same order
    public Uni<List<Addition>> add(
            Mutiny.Session session, Dataset dataset, List<? extends Candidate> candidates, @Nullable Origin origin) {
        Map<String, Candidate.Image> firsts = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            if (candidate instanceof Candidate.Image image) {
                firsts.putIfAbsent(image.image().imageId(), image);
            }
        }
        return rows.insertImages(session, firsts.values())
                .chain(ingested -> rows.insertDatasetImages(session, dataset, firsts.values())
                        .chain(added -> rows.members(session, dataset, firsts.keySet(), added)
                                .chain(present -> {
                                    Map<String, Member> members = members(firsts, present);
                                    List<Addition> additions = decide(candidates, firsts, added, members);
                                    return rows.insertRejects(session, dataset, candidates, additions, origin)
                                            .call(rejected ->
                                                    findings.record(session, candidates, additions, members, origin))
                                            .chain(rejected -> outbox.append(
                                                    session,
                                                    events(dataset, candidates, additions, ingested, rejected)))
                                            .replaceWith(additions);
                                })));
    }

    /// Gives what the dataset has of each image now.
    private static Map<String, Member> members(Map<String, Candidate.Image> firsts, Map<String, Member> present) {
        Map<String, Member> members = new HashMap<>(present);
        firsts.forEach((imageId, first) -> members.putIfAbsent(imageId, Member.of(first)));
        return members;
    }

    /// Says which import a chunk of candidates belongs to.
    ///
    /// @param firstOrdinal the place of the first candidate among the archive's files
    public record Origin(UUID importId, long firstOrdinal) {}

    private static List<Addition> decide(
            List<? extends Candidate> candidates,
            Map<String, Candidate.Image> firsts,
            Set<String> added,
            Map<String, Member> members) {
        List<Addition> additions = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            additions.add(
                    switch (candidate) {
                        case Candidate.Unfit unfit ->
                            new Addition.Rejected(unfit.rejectId(), unfit.type(), unfit.detail());
                        case Candidate.Image image -> decide(image, firsts, added, members);
                    });
        }
        return additions;
    }

    private static Addition decide(
            Candidate.Image candidate,
            Map<String, Candidate.Image> firsts,
            Set<String> added,
            Map<String, Member> members) {
        String imageId = candidate.image().imageId();
        if (firsts.get(imageId) == candidate && added.contains(imageId)) {
            return new Addition.Accepted(imageId);
        }
        String label = Objects.requireNonNull(members.get(imageId)).label();
        if (label.equals(candidate.label())) {
            return new Addition.Duplicate(imageId);
        }
        return new Addition.Rejected(
                candidate.rejectId(),
                ProblemType.LABEL_CONFLICT,
                "The dataset has the same picture with the label %s already; it cannot be %s too."
                        .formatted(label, candidate.label()));
    }

    /// Publishes only what was inserted now: what was there was published before.
    private static List<Event> events(
            Dataset dataset,
            List<? extends Candidate> candidates,
            List<Addition> additions,
            Set<String> ingested,
            Set<String> rejectedIds) {
        List<Event> events = new ArrayList<>();
        Set<String> unpublished = new HashSet<>(ingested);
        for (int i = 0; i < additions.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (candidate instanceof Candidate.Image added
                    && unpublished.remove(added.image().imageId())) {
                Verdict.Sound image = added.image();
                events.add(new ImageIngested(
                        image.imageId(),
                        image.sizeBytes(),
                        image.mediaType(),
                        image.widthPixels(),
                        image.heightPixels()));
            }
            switch (additions.get(i)) {
                case Addition.Accepted accepted
                when candidate instanceof Candidate.Image image ->
                    events.add(new ImageLabelled(
                            dataset.name(),
                            accepted.imageId(),
                            image.label(),
                            image.member().split()));
                case Addition.Rejected rejected
                when rejectedIds.contains(rejected.rejectId().toString()) ->
                    events.add(new ImageRejected(
                            rejected.rejectId().toString(),
                            dataset.name(),
                            candidate.fileName(),
                            rejected.type().uri().toString(),
                            rejected.detail()));
                case Addition.Accepted _, Addition.Duplicate _, Addition.Rejected _ -> {}
            }
        }
        return events;
    }
}
