/// The way of an image's bytes: checked by decoding them, put into object storage, then added to a dataset in
/// one transaction with the events that publish it.
///
/// Uploads, imports and replays all go this one way. Nothing here knows HTTP or archives.
@NullMarked
package dev.graft.ingest.intake;

import org.jspecify.annotations.NullMarked;
