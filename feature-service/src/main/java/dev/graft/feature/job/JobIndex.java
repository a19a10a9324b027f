package dev.graft.feature.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.EmbeddingLocation;
import dev.graft.contracts.ObjectKeys;
import dev.graft.feature.embedding.EmbeddingIndex;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.cdi.ScratchFolder;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Writes where the embeddings of a job's images lie: JSON lines in the job's order, without those that failed. The
/// lines are gathered on disk, so that memory does not grow with the job.
@ApplicationScoped
class JobIndex {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EmbeddingIndex embeddings;
    private final JobImages images;
    private final ObjectStore store;
    private final ScratchFolder scratch;

    JobIndex(EmbeddingIndex embeddings, JobImages images, ObjectStore store, ScratchFolder scratch) {
        this.embeddings = embeddings;
        this.images = images;
        this.store = store;
        this.scratch = scratch;
    }

    /// Writes the index and gives its key. Writing it twice writes the same bytes.
    ///
    /// @param step runs before each part, and may end the work by an exception
    String write(EmbeddingJob job, int extractorId, Runnable step) throws IOException {
        Path file = scratch.create(".ndjson");
        try {
            try (OutputStream lines = new BufferedOutputStream(Files.newOutputStream(file))) {
                images.forEachPart(job, 0, part -> {
                    step.run();
                    write(lines, part, embeddings.locate(extractorId, part));
                });
            }
            String key = ObjectKeys.embeddingIndex(job.id());
            store.put(key, ObjectContent.of(file, "application/x-ndjson"));
            return key;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void write(OutputStream lines, List<String> part, Map<String, EmbeddingLocation> locations) {
        try {
            for (String imageId : part) {
                EmbeddingLocation location = locations.get(imageId);
                if (location != null) {
                    lines.write(line(location));
                    lines.write('\n');
                }
            }
        } catch (IOException full) {
            throw new UncheckedIOException("an index cannot be gathered on disk", full);
        }
    }

    private static byte[] line(EmbeddingLocation location) {
        try {
            return JSON.writeValueAsBytes(location);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a location", e);
        }
    }
}
