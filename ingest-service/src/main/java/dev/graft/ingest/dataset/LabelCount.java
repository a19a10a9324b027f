package dev.graft.ingest.dataset;

import dev.graft.contracts.Split;
import org.jspecify.annotations.Nullable;

/// How many images of one label a dataset has in one split; `split` is absent for images in none.
record LabelCount(long datasetId, String label, @Nullable Split split, long images) {}
