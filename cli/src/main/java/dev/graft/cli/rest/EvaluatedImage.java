package dev.graft.cli.rest;

/// An image that a model was evaluated on, and that it has therefore not learned from.
///
/// @param imageId SHA-256 of its file, hex
/// @param label   its true class
public record EvaluatedImage(String imageId, String label) {}
