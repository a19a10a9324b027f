package dev.graft.contracts;

import java.util.Map;

/// An immutable version of a dataset was written.
///
/// @param manifestKey    the object that holds the manifest: JSON lines of [ManifestEntry], sorted by image id
/// @param manifestDigest SHA-256 of the manifest's bytes, hex
/// @param images         how many pictures the manifest lists
/// @param classes        how many of each label
public record DatasetFrozen(
        String datasetName,
        int version,
        String manifestKey,
        String manifestDigest,
        long images,
        Map<String, Long> classes)
        implements Event {

    public DatasetFrozen {
        classes = Map.copyOf(classes);
    }

    @Override
    public String partitionKey() {
        return datasetName;
    }
}
