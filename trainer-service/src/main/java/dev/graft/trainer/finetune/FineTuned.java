package dev.graft.trainer.finetune;

import dev.graft.networks.weights.FloatTensor;
import dev.graft.trainer.head.TrainedHead;
import java.util.SequencedMap;

/// What fine-tuning came to: the parameters and the head of the best epoch.
///
/// @param parameters of the backbone, by their published names, those that were trained
/// @param head the head behind them, on the features that they give; its curve is that of the fine-tuning
/// @param bestEpoch the epoch they are of, from 1; 0 where none was better than the beginning
public record FineTuned(SequencedMap<String, FloatTensor> parameters, TrainedHead head, int bestEpoch) {}
