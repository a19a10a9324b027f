package dev.graft.trainer.bench;

import dev.graft.networks.bench.TuningTrial;
import dev.graft.networks.training.Targets;
import dev.graft.networks.weights.Safetensors;
import dev.graft.pytorch.training.Descent;
import dev.graft.trainer.finetune.MeasuredTuning;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;

/// Graft's own fine-tuning: rows of the trunk, and steps of the part above it.
final class OwnLoop implements TrainingLoop {
    private final TrialFolder folder;
    private final TuningTrial trial;
    private final Arena arena = Arena.ofShared();
    private final Safetensors weights;
    private final MeasuredTuning tuning;

    OwnLoop(TrialFolder folder) throws IOException {
        this.folder = folder;
        this.trial = folder.trial();
        this.weights = folder.weights();
        this.tuning = MeasuredTuning.of(
                folder.part(),
                weights,
                folder.pixels(arena),
                folder.floatsPerImage(),
                new Descent.AdamW(trial.weightDecay()),
                trial.threads(),
                folder.folder().resolve("rows"));
    }

    @Override
    public double step(int[] batch) {
        double[] weights = new double[trial.classes()];
        Arrays.fill(weights, 1);
        return tuning.step(
                batch, Targets.ofLabels(trial.classes(), folder.labels(batch), weights), trial.learningRate());
    }

    @Override
    public void passTrunk() {
        tuning.passTrunk();
    }

    @Override
    public void close() {
        tuning.close();
        weights.close();
        arena.close();
    }
}
