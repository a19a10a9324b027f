package dev.graft.cli.rest;

import java.util.Map;

/// A dataset, as the ingest service describes it.
///
/// @param classes how many images of each label
/// @param splits  how many images of each split
public record DatasetView(String name, long images, Map<String, Long> classes, Map<String, Long> splits) {}
