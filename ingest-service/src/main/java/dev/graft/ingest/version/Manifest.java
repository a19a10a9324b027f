package dev.graft.ingest.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.ManifestEntry;
import dev.graft.ingest.dataset.Census;
import java.io.ByteArrayOutputStream;

/// The manifest of a dataset while it is written: JSON lines of [ManifestEntry], sorted by image id.
final class Manifest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final Census census = new Census();
    private String lastImageId = "";

    /// Adds a picture; each call needs a greater id than the one before.
    void add(ManifestEntry entry) {
        if (entry.imageId().compareTo(lastImageId) <= 0) {
            throw new IllegalArgumentException("a manifest is sorted by image id");
        }
        lastImageId = entry.imageId();
        census.add(entry.label(), entry.split() == null ? null : entry.split().wireName(), 1);
        try {
            lines.writeBytes(JSON.writeValueAsBytes(entry));
            lines.write('\n');
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a manifest entry cannot be written as JSON", impossible);
        }
    }

    /// Gives the greatest image id so far; empty when there is none.
    String lastImageId() {
        return lastImageId;
    }

    Census census() {
        return census;
    }

    byte[] bytes() {
        return lines.toByteArray();
    }
}
