package dev.graft.objectstore;

import java.time.Instant;

/// What a store knows of an object without reading it.
///
/// @param key its key
/// @param sizeBytes its size
/// @param contentType its media type, as it was put
/// @param lastModified when it was put, to the second or finer
public record ObjectInfo(String key, long sizeBytes, String contentType, Instant lastModified) {}
