package dev.graft.ingest.version;

import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Describes a frozen version of a dataset.
///
/// @param manifestKey    the object that holds the manifest
/// @param manifestDigest SHA-256 of the manifest's bytes, hex
/// @param images         how many images it lists
/// @param classes        how many of each label, by label
/// @param splits         how many in each split; empty when the dataset had no splits of its own
@Schema(examples = """
        {"dataset": "flowers", "version": 1,
        "manifestKey": "manifests/8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760.jsonl",
        "manifestDigest": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "images": 12, "classes": {"daisy": 7, "tulip": 5}, "splits": {"train": 9, "test": 3},
        "frozenAt": "2026-03-01T09:30:00Z"}""")
public record VersionView(
        String dataset,
        int version,
        String manifestKey,
        String manifestDigest,
        long images,
        Map<String, Long> classes,
        Map<String, Long> splits,
        Instant frozenAt) {}
