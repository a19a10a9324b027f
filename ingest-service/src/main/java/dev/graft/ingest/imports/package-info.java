/// Imports: archives that become images of a dataset, as durable jobs.
///
/// A job's cursor, counts, rows and events move on in one transaction a chunk of files, so that a job that was
/// interrupted anywhere goes on where it stood and ends as if it had not been. Nothing here knows how images
/// are checked or archives are read.
@NullMarked
package dev.graft.ingest.imports;

import org.jspecify.annotations.NullMarked;
