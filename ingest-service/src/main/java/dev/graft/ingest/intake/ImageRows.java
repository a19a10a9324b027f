package dev.graft.ingest.intake;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Split;
import dev.graft.ingest.dataset.Dataset;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Writes the rows of images, memberships and refusals, many with one statement each. The statements are
/// native, because one inserts a chunk of rows, passes over those that are there (`on conflict`), and says
/// which were inserted.
///
/// Rows are inserted in the order of their keys, so that transactions that add the same images at the same
/// moment wait for each other and never deadlock.
@Singleton
class ImageRows {
    private static final String INSERT_IMAGES = """
            insert into image (id, size_bytes, media_type, width_pixels, height_pixels)
            select r.id, r.size_bytes, r.media_type, r.width_pixels, r.height_pixels
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb))
                as r(id text, size_bytes bigint, media_type text, width_pixels int, height_pixels int)
            order by r.id
            on conflict do nothing
            returning id""";
    private static final String INSERT_DATASET_IMAGES = """
            insert into dataset_image (dataset_id, image_id, label, split, file_name)
            select :dataset, r.image_id, r.label, r.split, r.file_name
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb))
                as r(image_id text, label text, split text, file_name text)
            order by r.image_id
            on conflict do nothing
            returning image_id""";
    private static final String SELECT_MEMBERS = """
            select new dev.graft.ingest.intake.Member(m.imageId, m.label, m.split, m.fileName)
            from Membership m where m.datasetId = :dataset and m.imageId in :ids""";
    private static final String INSERT_REJECTS = """
            insert into reject
                (id, dataset_id, import_id, ordinal, file_name, label, split, problem_type, detail, object_key)
            select r.id, :dataset, r.import_id, r.ordinal, r.file_name, r.label, r.split, r.problem_type, r.detail,
                r.object_key
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb))
                as r(id uuid, import_id uuid, ordinal bigint, file_name text, label text, split text,
                    problem_type text, detail text, object_key text)
            order by r.id
            on conflict (id) do nothing
            returning cast(id as text)""";

    private final ObjectMapper json;

    ImageRows(ObjectMapper json) {
        this.json = json;
    }

    /// Inserts what is not there; gives the ids of what was inserted.
    Uni<Set<String>> insertImages(Mutiny.Session session, Collection<Candidate.Image> images) {
        if (images.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Candidate.Image candidate : images) {
            Verdict.Sound image = candidate.image();
            rows.add(Map.of(
                    "id", image.imageId(),
                    "size_bytes", image.sizeBytes(),
                    "media_type", image.mediaType(),
                    "width_pixels", image.widthPixels(),
                    "height_pixels", image.heightPixels()));
        }
        return strings(session.createNativeQuery(INSERT_IMAGES, String.class).setParameter("rows", toJson(rows)));
    }

    /// Makes images part of the dataset that are not; gives the ids of those that were made so.
    Uni<Set<String>> insertDatasetImages(Mutiny.Session session, Dataset dataset, Collection<Candidate.Image> images) {
        if (images.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Candidate.Image candidate : images) {
            Map<String, Object> row = new HashMap<>();
            row.put("image_id", candidate.image().imageId());
            row.put("label", candidate.label());
            putSplit(row, candidate.member().split());
            row.put("file_name", candidate.member().fileName());
            rows.add(row);
        }
        return strings(session.createNativeQuery(INSERT_DATASET_IMAGES, String.class)
                .setParameter("dataset", dataset.id())
                .setParameter("rows", toJson(rows)));
    }

    /// Gives what the dataset had of images that were not added, by image id.
    Uni<Map<String, Member>> members(Mutiny.Session session, Dataset dataset, Set<String> imageIds, Set<String> added) {
        List<String> present =
                imageIds.stream().filter(imageId -> !added.contains(imageId)).toList();
        if (present.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return session.createSelectionQuery(SELECT_MEMBERS, Member.class)
                .setParameter("dataset", dataset.id())
                .setParameter("ids", present)
                .getResultList()
                .map(found -> found.stream().collect(toMap(Member::imageId, member -> member)));
    }

    /// Records refusals that are not recorded; gives the ids of those that were recorded now.
    Uni<Set<String>> insertRejects(
            Mutiny.Session session,
            Dataset dataset,
            List<? extends Candidate> candidates,
            List<Addition> additions,
            Additions.@Nullable Origin origin) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < additions.size(); i++) {
            if (additions.get(i) instanceof Addition.Rejected rejected) {
                Map<String, Object> row = rejectRow(candidates.get(i), rejected);
                if (origin != null) {
                    row.put("import_id", origin.importId().toString());
                    row.put("ordinal", origin.firstOrdinal() + i);
                }
                rows.add(row);
            }
        }
        if (rows.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return strings(session.createNativeQuery(INSERT_REJECTS, String.class)
                .setParameter("dataset", dataset.id())
                .setParameter("rows", toJson(rows)));
    }

    private static Map<String, Object> rejectRow(Candidate candidate, Addition.Rejected rejected) {
        Map<String, Object> row = new HashMap<>();
        row.put("id", rejected.rejectId().toString());
        row.put("file_name", candidate.fileName());
        row.put("problem_type", rejected.type().uri().toString());
        row.put("detail", rejected.detail());
        switch (candidate) {
            case Candidate.Image image -> {
                row.put("label", image.label());
                putSplit(row, image.split());
                row.put("object_key", ObjectKeys.image(image.image().imageId()));
            }
            case Candidate.Unfit unfit -> {
                row.put("label", unfit.label());
                putSplit(row, unfit.split());
                row.put("object_key", unfit.objectKey());
            }
        }
        return row;
    }

    private static void putSplit(Map<String, Object> row, @Nullable Split split) {
        if (split != null) {
            row.put("split", split.wireName());
        }
    }

    private static Uni<Set<String>> strings(Mutiny.SelectionQuery<String> query) {
        return query.getResultList().map(found -> found.stream().collect(toCollection(HashSet::new)));
    }

    private String toJson(List<Map<String, Object>> rows) {
        try {
            return json.writeValueAsString(rows);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("maps of strings and numbers are JSON", impossible);
        }
    }
}
