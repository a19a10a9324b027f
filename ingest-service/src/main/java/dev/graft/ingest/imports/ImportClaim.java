package dev.graft.ingest.imports;

import dev.graft.ingest.dataset.Dataset;
import java.util.UUID;

/// The right to work on an import until its lease ends.
///
/// @param token       grows with each claim; a write with an old one is refused
/// @param nextOrdinal the first file that is not dealt with, counted from 0 in the archive's order
/// @param failures    unexpected failures since the job last came further
record ImportClaim(UUID importId, Dataset dataset, long token, long nextOrdinal, int failures) {}
