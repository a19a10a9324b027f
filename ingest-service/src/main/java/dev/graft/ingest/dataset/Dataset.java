package dev.graft.ingest.dataset;

/// A dataset that exists.
public record Dataset(long id, String name) {}
