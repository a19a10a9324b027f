package dev.graft.ingest.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.Split;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/// Records of an import what its user must know: how many files were refused for which reason, and which images
/// lie in two splits. The counts are kept as the import goes on, so that nobody has to count its refusals. The
/// statements are native for their `on conflict`: one adds to the counts that are there, the other inserts
/// nothing twice.
@Singleton
class ImportFindings {
    /// The kind under which leaks are counted beside the kinds of problems.
    static final String LEAK = "leak";

    private static final String COUNT = """
            insert into import_finding (import_id, kind, files, example_file, example_detail)
            select :import, r.kind, r.files, r.example_file, r.example_detail
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb))
                as r(kind text, files bigint, example_file text, example_detail text)
            order by r.kind
            on conflict (import_id, kind) do update set files = import_finding.files + excluded.files""";
    private static final String INSERT_LEAKS = """
            insert into import_leak (import_id, ordinal, file_name, label, split, kept_file_name, kept_split)
            select :import, r.ordinal, r.file_name, r.label, r.split, r.kept_file_name, r.kept_split
            from jsonb_to_recordset(cast(cast(:rows as text) as jsonb))
                as r(ordinal bigint, file_name text, label text, split text, kept_file_name text, kept_split text)
            on conflict do nothing""";

    private final ObjectMapper json;

    ImportFindings(ObjectMapper json) {
        this.json = json;
    }

    /// Records what a chunk of an import gave; nothing for uploads, whose senders are answered one by one.
    ///
    /// @param members what the dataset has of each image now, by image id
    Uni<Void> record(
            Mutiny.Session session,
            List<? extends Candidate> candidates,
            List<Addition> additions,
            Map<String, Member> members,
            Additions.@Nullable Origin origin) {
        if (origin == null) {
            return Uni.createFrom().voidItem();
        }
        List<Map<String, Object>> leaks = leaks(candidates, additions, members, origin.firstOrdinal());
        List<Map<String, Object>> counts = counts(candidates, additions);
        if (!leaks.isEmpty()) {
            counts.add(count(LEAK, leaks.size(), null, null));
        }
        return insert(session, INSERT_LEAKS, origin.importId(), leaks)
                .chain(() -> insert(session, COUNT, origin.importId(), counts));
    }

    private static List<Map<String, Object>> counts(List<? extends Candidate> candidates, List<Addition> additions) {
        Map<String, Map<String, Object>> counts = new LinkedHashMap<>();
        for (int i = 0; i < additions.size(); i++) {
            if (additions.get(i) instanceof Addition.Rejected rejected) {
                Map<String, Object> one = count(
                        rejected.type().uri().toString(), 1, candidates.get(i).fileName(), rejected.detail());
                counts.merge((String) one.get("kind"), one, ImportFindings::add);
            }
        }
        return new ArrayList<>(counts.values());
    }

    private static Map<String, Object> add(Map<String, Object> counted, Map<String, Object> one) {
        counted.merge("files", one.get("files"), (a, b) -> (int) a + (int) b);
        return counted;
    }

    private static Map<String, Object> count(
            String kind, int files, @Nullable String exampleFile, @Nullable String exampleDetail) {
        Map<String, Object> count = new LinkedHashMap<>();
        count.put("kind", kind);
        count.put("files", files);
        count.put("example_file", exampleFile);
        count.put("example_detail", exampleDetail);
        return count;
    }

    private static List<Map<String, Object>> leaks(
            List<? extends Candidate> candidates,
            List<Addition> additions,
            Map<String, Member> members,
            long firstOrdinal) {
        List<Map<String, Object>> leaks = new ArrayList<>();
        for (int i = 0; i < additions.size(); i++) {
            if (candidates.get(i) instanceof Candidate.Image image
                    && !(additions.get(i) instanceof Addition.Rejected)) {
                Member kept = Objects.requireNonNull(members.get(image.image().imageId()));
                Split split = image.split();
                Split keptSplit = kept.split();
                if (split != null && keptSplit != null && split != keptSplit) {
                    Map<String, Object> leak = new LinkedHashMap<>();
                    leak.put("ordinal", firstOrdinal + i);
                    leak.put("file_name", image.fileName());
                    leak.put("label", image.label());
                    leak.put("split", split.wireName());
                    leak.put("kept_file_name", kept.fileName());
                    leak.put("kept_split", keptSplit.wireName());
                    leaks.add(leak);
                }
            }
        }
        return leaks;
    }

    private Uni<Void> insert(Mutiny.Session session, String sql, UUID importId, List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        try {
            return session.createNativeQuery(sql)
                    .setParameter("import", importId)
                    .setParameter("rows", json.writeValueAsString(rows))
                    .executeUpdate()
                    .replaceWithVoid();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("maps of strings and numbers are JSON", impossible);
        }
    }
}
