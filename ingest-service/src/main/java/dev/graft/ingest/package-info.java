/// The ingest service: takes images and labels, keeps datasets, and publishes both.
///
/// This package holds what the features below it share: settings, and files that wait on disk. Nothing in the service
/// knows backbones, training or models.
///
/// Rows are entities, and the classes that read and write them take the `Mutiny.Session` of the caller's
/// transaction: one transaction spans entities of several packages, the job's fence and the outbox. Panache is
/// not used, because its session is implicit. What works on sets of rows, or needs `on conflict` or `skip
/// locked`, is native SQL.
@NullMarked
package dev.graft.ingest;

import org.jspecify.annotations.NullMarked;
