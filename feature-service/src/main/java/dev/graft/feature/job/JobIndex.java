package dev.graft.feature.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.ObjectKeys;
import dev.graft.feature.embedding.EmbeddingIndex;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Writes where the embeddings of a job's pictures lie: JSON lines in the job's order, without those that failed.
@ApplicationScoped
class JobIndex {
    private static final int PICTURES_PER_QUERY = 5000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EmbeddingIndex embeddings;
    private final ObjectStore store;

    JobIndex(EmbeddingIndex embeddings, ObjectStore store) {
        this.embeddings = embeddings;
        this.store = store;
    }

    /// Writes the index and gives its key. Writing it twice writes the same bytes.
    String write(String jobId, int extractorId, Collection<String> imageIds) {
        List<String> all = new ArrayList<>(imageIds);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int from = 0; from < all.size(); from += PICTURES_PER_QUERY) {
            List<String> part = all.subList(from, Math.min(all.size(), from + PICTURES_PER_QUERY));
            Map<String, EmbeddingLocation> locations = embeddings.locate(extractorId, part);
            for (String imageId : part) {
                EmbeddingLocation location = locations.get(imageId);
                if (location != null) {
                    lines.writeBytes(line(location));
                    lines.write('\n');
                }
            }
        }
        String key = ObjectKeys.embeddingIndex(jobId);
        store.put(key, ObjectContent.of(lines.toByteArray(), "application/x-ndjson"));
        return key;
    }

    private static byte[] line(EmbeddingLocation location) {
        try {
            return JSON.writeValueAsBytes(location);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a location", e);
        }
    }
}
