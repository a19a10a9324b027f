package dev.graft.ingest.imports;

import dev.graft.ingest.dataset.Dataset;
import dev.graft.jobs.Attempt;
import java.util.UUID;

/// An attempt at an import.
///
/// @param attempt     what everything is written through
/// @param nextOrdinal the first file that is not dealt with, counted from 0 in the archive's order
record ImportWork(Attempt attempt, UUID importId, Dataset dataset, long nextOrdinal) {}
