package dev.graft.trainer.head;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// How good a head was after a step of its training.
///
/// @param step     epoch, or step of L-BFGS, from 1
/// @param loss     loss on the pictures learned from
/// @param accuracy accuracy on the pictures held out for choosing; absent when there were none
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CurvePoint(int step, double loss, @Nullable Double accuracy) {}
