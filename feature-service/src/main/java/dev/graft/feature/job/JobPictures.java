package dev.graft.feature.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.contracts.ManifestEntry;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Lists the pictures of a job, in the order in which the asker listed them.
@ApplicationScoped
class JobPictures {
    private static final ObjectReader ENTRIES = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(ManifestEntry.class);

    private final ObjectStore store;

    JobPictures(ObjectStore store) {
        this.store = store;
    }

    /// Gives the ids, each once.
    ///
    /// @throws UnanswerableJobException when the manifest is not there or not readable
    SequencedSet<String> of(EmbeddingJob job) {
        return job.manifestKey == null ? new LinkedHashSet<>(job.listedImageIds()) : read(job.manifestKey);
    }

    private SequencedSet<String> read(String manifestKey) {
        SequencedSet<String> imageIds = new LinkedHashSet<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(store.open(manifestKey), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    imageIds.add(imageId(manifestKey, line, number));
                }
            }
        } catch (ObjectNotFoundException | IllegalArgumentException e) {
            throw new UnanswerableJobException("There is no manifest %s.".formatted(manifestKey));
        } catch (IOException e) {
            throw new UncheckedIOException("manifest " + manifestKey + " ended early", e);
        }
        return imageIds;
    }

    private static String imageId(String manifestKey, String line, int number) {
        try {
            ManifestEntry entry = ENTRIES.readValue(line);
            return entry.imageId();
        } catch (JsonProcessingException e) {
            throw new UnanswerableJobException(
                    "Line %d of manifest %s is not a manifest entry.".formatted(number, manifestKey));
        }
    }
}
