/// The way of a picture's bytes: checked by decoding them, put into object storage, then added to a dataset in one
/// transaction with the events that announce it.
///
/// Uploads, imports and replays all go this one way. Nothing here knows HTTP or archives.
@NullMarked
package dev.graft.ingest.picture;

import org.jspecify.annotations.NullMarked;
