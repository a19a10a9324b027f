package dev.graft.cli.rest;

/// A frozen version of a dataset, as the ingest service describes it.
public record VersionView(String dataset, int version, String manifestKey, String manifestDigest, long images) {}
