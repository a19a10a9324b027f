package dev.graft.feature.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.contracts.ManifestEntry;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/// Chooses pictures of a dataset version: those whose ids come first. Ids are digests, so this is a choice at
/// random that is the same every time.
record ManifestPictures(ObjectStore store) {
    private static final ObjectReader ENTRIES = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(ManifestEntry.class);

    /// Gives the ids of at most so many pictures, in order.
    ///
    /// @throws ProblemException `MANIFEST_NOT_FOUND` or `DATASET_EMPTY`
    List<String> choose(String manifestKey, int most) {
        TreeSet<String> chosen = new TreeSet<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(store.open(manifestKey), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    ManifestEntry entry = ENTRIES.readValue(line);
                    chosen.add(entry.imageId());
                    if (chosen.size() > most) {
                        chosen.removeLast();
                    }
                }
            }
        } catch (ObjectNotFoundException | IllegalArgumentException | JsonProcessingException e) {
            throw new ProblemException(
                    ProblemType.MANIFEST_NOT_FOUND, "There is no manifest %s.".formatted(manifestKey), "/manifestKey");
        } catch (IOException e) {
            throw new UncheckedIOException("manifest " + manifestKey + " ended early", e);
        }
        if (chosen.isEmpty()) {
            throw new ProblemException(ProblemType.DATASET_EMPTY, "The manifest lists no pictures.", "/manifestKey");
        }
        return List.copyOf(chosen);
    }
}
