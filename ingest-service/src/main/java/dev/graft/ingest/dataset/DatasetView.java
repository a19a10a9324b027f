package dev.graft.ingest.dataset;

import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Describes a dataset as it is now.
///
/// @param images  how many images it has
/// @param classes how many of each label, by label
/// @param splits  how many in each split (`train`, `val`, `test`); empty when it has no splits of its own
@Schema(examples = """
        {"name": "flowers", "images": 12, "classes": {"daisy": 7, "tulip": 5}, "splits": {"train": 9,
        "test": 3}, "createdAt": "2026-03-01T09:30:00Z"}""")
public record DatasetView(
        String name, long images, Map<String, Long> classes, Map<String, Long> splits, Instant createdAt) {}
