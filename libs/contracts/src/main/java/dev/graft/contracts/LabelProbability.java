package dev.graft.contracts;

/// A label and how probable the model holds it, 0 to 1.
public record LabelProbability(String label, double probability) {}
