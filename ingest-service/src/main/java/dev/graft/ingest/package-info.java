/// The ingest service: takes pictures and labels, keeps datasets, and announces both.
///
/// This package holds what the features below it share: settings. Nothing in the service
/// knows backbones, training or models.
@NullMarked
package dev.graft.ingest;

import org.jspecify.annotations.NullMarked;
