package dev.graft.trainer.head;

/// A strength of L2 regularisation that was tried.
///
/// @param loss     cross-entropy on the folds left out, after the best temperature
/// @param accuracy share of right answers on the folds left out
public record StrengthCandidate(double strength, double loss, double accuracy) {}
