package dev.graft.feature.embedding;

import dev.graft.contracts.EmbeddingLocation;
import dev.graft.messaging.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/// Finds where embeddings lie. All methods block and are safe for many threads.
@ApplicationScoped
public class EmbeddingIndex {
    private static final String LOCATE = """
            select e.image_id, s.object_key, e.row_number
            from embedding e join segment s on s.id = e.segment_id
            where e.extractor_id = :extractor and e.image_id = any(cast(:images as text[]))""";

    private static final String FAILURE = """
            select image_id, reason, detail from failure
            where extractor_id = :extractor and image_id = :image""";

    private final Transactions transactions;

    /// Makes the index over the service's database.
    public EmbeddingIndex(Transactions transactions) {
        this.transactions = transactions;
    }

    /// Finds the locations of some pictures' embeddings; pictures without one are left out.
    ///
    /// @param imageIds at most some thousands at a time
    public Map<String, EmbeddingLocation> locate(int extractorId, List<String> imageIds) {
        List<Object[]> rows = transactions.call(session -> rows(session, LOCATE)
                .setParameter("extractor", extractorId)
                .setParameter("images", imageIds.toArray(String[]::new))
                .getResultList());
        Map<String, EmbeddingLocation> locations = HashMap.newHashMap(rows.size());
        for (Object[] row : rows) {
            String imageId = (String) row[0];
            locations.put(imageId, new EmbeddingLocation(imageId, (String) row[1], ((Number) row[2]).intValue()));
        }
        return locations;
    }

    /// Finds why a picture has no embedding; empty when nothing speaks against one.
    public Optional<Failure> failure(int extractorId, String imageId) {
        return transactions.call(session -> rows(session, FAILURE)
                .setParameter("extractor", extractorId)
                .setParameter("image", imageId)
                .getResultList()
                .map(rows -> rows.stream().map(EmbeddingIndex::failure).findFirst()));
    }

    private static Mutiny.SelectionQuery<Object[]> rows(Mutiny.Session session, String sql) {
        return session.createNativeQuery(sql, Object[].class);
    }

    private static Failure failure(Object[] row) {
        return new Failure((String) row[0], Failure.Reason.valueOf((String) row[1]), (String) row[2]);
    }
}
