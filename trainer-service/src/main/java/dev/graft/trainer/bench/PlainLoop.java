package dev.graft.trainer.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.AdamW;
import ai.djl.training.tracker.Tracker;
import dev.graft.networks.bench.TuningTrial;
import dev.graft.networks.network.Node;
import dev.graft.networks.weights.Safetensors;
import dev.graft.pytorch.NetworkBlock;
import dev.graft.pytorch.PyTorch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.stream.Collectors;

/// The loop of DJL's manual over the whole network: its trainer, its gradient collector, its loss and its
/// AdamW, with the same parts frozen, and PyTorch's own threads. DJL's decay pulls at biases, too, which
/// hardly moves the loss.
final class PlainLoop implements TrainingLoop {
    private final TrialFolder folder;
    private final TuningTrial trial;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pixels;
    private final Model model;
    private final Trainer trainer;

    PlainLoop(TrialFolder folder) throws IOException {
        this.folder = folder;
        this.trial = folder.trial();
        this.pixels = folder.pixels(arena);
        this.model = Model.newInstance(trial.architecture(), PyTorch.engine().getEngineName());
        NetworkBlock block;
        try (Safetensors weights = folder.weights()) {
            block = NetworkBlock.of(model.getNDManager(), folder.whole(), weights);
        }
        model.setBlock(block);
        this.trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(AdamW.builder()
                        .optLearningRateTracker(Tracker.fixed((float) trial.learningRate()))
                        .optWeightDecays((float) trial.weightDecay())
                        .build()));
        // A new trainer opens everything.
        Set<String> trained = folder.part().trained().stream().map(Node::name).collect(Collectors.toSet());
        block.unfreeze(node -> trained.contains(node.name()));
        trainer.initialize(new Shape(trial.batchSize(), 3, trial.inputSize(), trial.inputSize()));
    }

    @Override
    public double step(int[] batch) {
        double loss;
        try (NDManager scope = trainer.getManager().newSubManager();
                GradientCollector gradients = trainer.newGradientCollector()) {
            NDArray labels = scope.create(folder.labels(batch)).expandDims(1);
            NDList logits = trainer.forward(new NDList(images(scope, batch)));
            NDArray found = trainer.getLoss().evaluate(new NDList(labels), logits);
            gradients.backward(found);
            loss = found.getFloat();
        }
        trainer.step();
        return loss;
    }

    private NDArray images(NDManager scope, int[] batch) {
        int perImage = folder.floatsPerImage() * Float.BYTES;
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(batch.length, perImage))
                .order(ByteOrder.nativeOrder());
        for (int image : batch) {
            bytes.put(pixels.asSlice((long) image * perImage, perImage).asByteBuffer());
        }
        Shape shape = new Shape(batch.length, 3, trial.inputSize(), trial.inputSize());
        return scope.create(bytes.flip(), shape, DataType.FLOAT32);
    }

    /// Everything is computed in every epoch.
    @Override
    public void passTrunk() {}

    @Override
    public void close() {
        trainer.close();
        model.close();
        arena.close();
    }
}
