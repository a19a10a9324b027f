package dev.graft.predict.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.contracts.ModelCard;
import dev.graft.contracts.ModelPublished;
import dev.graft.contracts.Sha256;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectTooLargeException;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.predict.PredictConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/// Fetches bundles from object storage, verified.
@Singleton
class Bundles {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final ObjectStore store;
    private final ScratchFolder scratch;
    private final long maxNetworkBytes;

    Bundles(ObjectStore store, ScratchFolder scratch, PredictConfig config) {
        this.store = store;
        this.scratch = scratch;
        this.maxNetworkBytes = config.maxNetworkBytes();
    }

    /// Reads a bundle's card.
    ///
    /// @throws UnservableModelException when it is missing, not the one that was published, or unreadable
    ModelCard card(ModelPublished published) {
        byte[] bytes = bytes(published.bundlePrefix() + ModelCard.FILE);
        requireDigest(ModelCard.FILE, published.modelDigest(), Sha256.of(bytes));
        try {
            ModelCard card = JSON.readValue(bytes, ModelCard.class);
            if (!card.model().equals(published.modelName()) || card.version() != published.version()) {
                throw new UnservableModelException(
                        "model.json is of %s version %d".formatted(card.model(), card.version()));
            }
            return card;
        } catch (JsonProcessingException e) {
            throw new UnservableModelException("model.json cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Fetches a bundle's network into a temporary file, which the caller deletes.
    ///
    /// @throws UnservableModelException when it is missing or not the one of which the card speaks
    Path network(ModelPublished published, ModelCard card) throws IOException {
        ModelCard.BundleFile listed = card.files().get(ModelCard.NETWORK);
        if (listed == null) {
            throw new UnservableModelException("model.json does not list " + ModelCard.NETWORK);
        }
        if (listed.sizeBytes() > maxNetworkBytes) {
            throw new UnservableModelException(
                    "%s has %d bytes, more than is allowed".formatted(ModelCard.NETWORK, listed.sizeBytes()));
        }
        Path file = scratch.create(".onnx");
        try {
            String found = download(published.bundlePrefix() + ModelCard.NETWORK, listed.sizeBytes(), file);
            requireDigest(ModelCard.NETWORK, listed.sha256(), found);
            return file;
        } catch (RuntimeException | IOException | Error e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private byte[] bytes(String key) {
        try {
            return store.read(key, ModelCard.MAX_SIZE_BYTES);
        } catch (ObjectNotFoundException | ObjectTooLargeException e) {
            throw new UnservableModelException(key + " is missing or too large", e);
        }
    }

    private String download(String key, long sizeBytes, Path target) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        try (InputStream in = store.open(key);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(target), sha256)) {
            byte[] buffer = new byte[1 << 16];
            long remaining = sizeBytes + 1;
            for (int read = in.read(buffer); read >= 0 && remaining > 0; read = in.read(buffer)) {
                out.write(buffer, 0, (int) Math.min(read, remaining));
                remaining -= read;
            }
        } catch (ObjectNotFoundException e) {
            throw new UnservableModelException(key + " is missing", e);
        }
        return Sha256.hex(sha256);
    }

    private static void requireDigest(String file, String expected, String found) {
        if (!expected.equals(found)) {
            throw new UnservableModelException("%s has the digest %s, not %s".formatted(file, found, expected));
        }
    }
}
