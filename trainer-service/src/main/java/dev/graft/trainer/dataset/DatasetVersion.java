package dev.graft.trainer.dataset;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;

/// A frozen version of a dataset, as the ingest service describes it.
///
/// @param classes how many pictures of each label
/// @param splits  how many in each split; empty when the dataset has no splits of its own
@JsonIgnoreProperties(ignoreUnknown = true)
public record DatasetVersion(
        String dataset,
        int version,
        String manifestKey,
        String manifestDigest,
        long images,
        Map<String, Long> classes,
        Map<String, Long> splits) {}
