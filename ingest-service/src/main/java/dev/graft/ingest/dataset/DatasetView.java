package dev.graft.ingest.dataset;

import java.time.Instant;
import java.util.Map;

/// Describes a dataset as it is now.
///
/// @param images  how many pictures it has
/// @param classes how many of each label, by label
/// @param splits  how many in each part (`train`, `val`, `test`); empty when it has no parts of its own
public record DatasetView(
        String name, long images, Map<String, Long> classes, Map<String, Long> splits, Instant createdAt) {}
