package dev.graft.ingest.version;

import java.time.Instant;
import java.util.Map;

/// Describes a frozen version of a dataset.
///
/// @param manifestKey    the object that holds the manifest
/// @param manifestDigest SHA-256 of the manifest's bytes, hex
/// @param images         how many pictures it lists
/// @param classes        how many of each label, by label
/// @param splits         how many in each part; empty when the dataset had no parts of its own
public record VersionView(
        String dataset,
        int version,
        String manifestKey,
        String manifestDigest,
        long images,
        Map<String, Long> classes,
        Map<String, Long> splits,
        Instant frozenAt) {}
