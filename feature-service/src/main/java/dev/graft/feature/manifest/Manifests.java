package dev.graft.feature.manifest;

import dev.graft.contracts.MalformedManifestException;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ManifestReader;
import dev.graft.contracts.ObjectKeys;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads stored manifests. Blocks; safe for many threads.
@Singleton
public class Manifests {
    private final ObjectStore store;

    /// Makes a reader of stored manifests.
    public Manifests(ObjectStore store) {
        this.store = store;
    }

    /// Returns whether there is a manifest of this key. No other object is one, whatever its content.
    public boolean exists(String manifestKey) {
        return ObjectKeys.isManifest(manifestKey) && store.exists(manifestKey);
    }

    /// Reads a manifest without keeping it.
    ///
    /// @param imageIds receives the id of every image, in the order of the manifest, as often as it is listed;
    ///     what it throws passes through
    /// @throws IllegibleManifestException when there is no such manifest or a line is no entry
    /// @throws ObjectStoreUnavailableException when the manifest cannot be read to its end now
    public void forEachImage(String manifestKey, Consumer<String> imageIds) {
        try (ManifestReader entries = new ManifestReader(open(manifestKey))) {
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                imageIds.accept(entry.get().imageId());
            }
        } catch (MalformedManifestException e) {
            throw new IllegibleManifestException(
                    "Line %d of manifest %s is not a manifest entry.".formatted(e.line(), manifestKey), e);
        } catch (IOException e) {
            throw new ObjectStoreUnavailableException("the stream of " + manifestKey + " ended early", e);
        }
    }

    private InputStream open(String manifestKey) {
        if (!ObjectKeys.isManifest(manifestKey)) {
            throw absent(manifestKey, null);
        }
        try {
            return store.open(manifestKey);
        } catch (ObjectNotFoundException e) {
            throw absent(manifestKey, e);
        }
    }

    private static IllegibleManifestException absent(String manifestKey, @Nullable Throwable cause) {
        return new IllegibleManifestException("There is no manifest %s.".formatted(manifestKey), cause);
    }
}
