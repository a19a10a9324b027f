package dev.graft.ingest.image;

import java.time.Instant;

/// Describes a stored picture.
///
/// @param id           SHA-256 of the original bytes, hex
/// @param mediaType    by content
/// @param widthPixels  as it is meant to be seen
/// @param heightPixels as it is meant to be seen
/// @param ingestedAt   when it was seen for the first time
public record ImageView(
        String id, String mediaType, long sizeBytes, int widthPixels, int heightPixels, Instant ingestedAt) {}
