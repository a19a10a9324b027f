package dev.graft.feature.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.contracts.ManifestEntry;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Reads manifests: JSON lines, each a [ManifestEntry]; empty lines count for nothing. Blocks; safe for many threads.
@Singleton
public class Manifests {
    private static final ObjectReader ENTRIES = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(ManifestEntry.class);

    private final ObjectStore store;

    /// Makes a reader of stored manifests.
    public Manifests(ObjectStore store) {
        this.store = store;
    }

    /// Reads a manifest without keeping it.
    ///
    /// @param imageIds receives the id of every image, in the order of the manifest, as often as it is listed
    /// @throws IllegibleManifestException when there is no such manifest or a line is no entry
    /// @throws ObjectStoreUnavailableException when the manifest cannot be read to its end now
    public void forEachImage(String manifestKey, Consumer<String> imageIds) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(store.open(manifestKey), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    imageIds.accept(imageId(manifestKey, line, number));
                }
            }
        } catch (ObjectNotFoundException | IllegalArgumentException e) {
            throw new IllegibleManifestException("There is no manifest %s.".formatted(manifestKey), e);
        } catch (IOException e) {
            throw new ObjectStoreUnavailableException("the stream of " + manifestKey + " ended early", e);
        }
    }

    private static String imageId(String manifestKey, String line, int number) {
        try {
            ManifestEntry entry = ENTRIES.readValue(line);
            return entry.imageId();
        } catch (JsonProcessingException e) {
            throw new IllegibleManifestException(
                    "Line %d of manifest %s is not a manifest entry.".formatted(number, manifestKey), e);
        }
    }
}
