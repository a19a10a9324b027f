package dev.graft.cli.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a dataset's images, as the ingest service lists them.
///
/// @param items in the order of the list
/// @param next  names the page after it; absent at the end of the list
public record ImagePage(List<JsonNode> items, @Nullable String next) {}
