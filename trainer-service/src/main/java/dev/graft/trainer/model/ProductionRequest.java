package dev.graft.trainer.model;

/// Wishes a version of a model in production.
public record ProductionRequest(int version) {}
