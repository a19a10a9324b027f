package dev.graft.trainer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.contracts.MalformedManifestException;
import dev.graft.contracts.ManifestEntry;
import dev.graft.contracts.ManifestReader;
import dev.graft.contracts.Sha256;
import dev.graft.objectstore.ObjectNotFoundException;
import dev.graft.objectstore.ObjectStore;
import dev.graft.problem.Problem;
import dev.graft.problem.ProblemException;
import dev.graft.problem.ProblemType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;

/// Freezes datasets and reads their manifests. Blocks.
@ApplicationScoped
public class Datasets {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final IngestApi ingest;
    private final IngestCalls calls;
    private final ObjectStore store;

    Datasets(@RestClient IngestApi ingest, IngestCalls calls, ObjectStore store) {
        this.ingest = ingest;
        this.calls = calls;
        this.store = store;
    }

    /// Gives a version of a dataset, or freezes what it holds now.
    ///
    /// @throws ProblemException what the ingest service says, such as that there is no such dataset
    public DatasetVersion version(String dataset, @Nullable Integer version) {
        return version == null ? ask(() -> ingest.freeze(dataset)) : ask(() -> ingest.version(dataset, version));
    }

    /// Reads a manifest, in its order: by image. It takes heap for each image, which a run is admitted for.
    ///
    /// @throws ProblemException `MANIFEST_NOT_FOUND` when it is gone, or not the one that was frozen
    public List<ManifestEntry> manifest(String manifestKey, String manifestDigest) {
        List<ManifestEntry> entries = new ArrayList<>();
        forEachEntry(manifestKey, manifestDigest, entries::add);
        return List.copyOf(entries);
    }

    /// Counts the images of a manifest while it is read, so that its size takes no heap.
    ///
    /// @throws ProblemException `MANIFEST_NOT_FOUND` when it is gone, or not the one that was frozen
    public Composition composition(String manifestKey, String manifestDigest) {
        Composition composition = new Composition();
        forEachEntry(manifestKey, manifestDigest, composition::add);
        return composition;
    }

    private void forEachEntry(String manifestKey, String manifestDigest, Consumer<ManifestEntry> entries) {
        MessageDigest digest = Sha256.digest();
        try (ManifestReader lines = new ManifestReader(new DigestInputStream(store.open(manifestKey), digest))) {
            for (Optional<ManifestEntry> entry = lines.next(); entry.isPresent(); entry = lines.next()) {
                entries.accept(entry.get());
            }
        } catch (ObjectNotFoundException e) {
            throw new ProblemException(
                    ProblemType.MANIFEST_NOT_FOUND, "The manifest %s is gone.".formatted(manifestKey), e);
        } catch (MalformedManifestException e) {
            throw new ProblemException(
                    ProblemType.MANIFEST_NOT_FOUND, "The manifest %s is no manifest.".formatted(manifestKey), e);
        } catch (IOException e) {
            throw new ProblemException(
                    ProblemType.BACKEND_UNAVAILABLE,
                    "The manifest %s cannot be read to its end now. Try again soon.".formatted(manifestKey),
                    e);
        }
        if (!Sha256.hex(digest).equals(manifestDigest)) {
            throw new ProblemException(
                    ProblemType.MANIFEST_NOT_FOUND, "The manifest %s was changed.".formatted(manifestKey));
        }
    }

    private DatasetVersion ask(Supplier<DatasetVersion> question) {
        try {
            return calls.ask(question);
        } catch (WebApplicationException e) {
            throw new ProblemException(problemIn(e));
        } catch (ProcessingException e) {
            throw new ProblemException(
                    ProblemType.BACKEND_UNAVAILABLE, "The ingest service does not answer. Try again soon.", e);
        }
    }

    private Problem problemIn(WebApplicationException e) {
        String body = e.getResponse().readEntity(String.class);
        try {
            return JSON.readValue(body, Problem.class);
        } catch (JsonProcessingException | IllegalArgumentException unreadable) {
            return Problem.of(
                    ProblemType.BACKEND_UNAVAILABLE,
                    "The ingest service answered with status %d."
                            .formatted(e.getResponse().getStatus()));
        }
    }
}
