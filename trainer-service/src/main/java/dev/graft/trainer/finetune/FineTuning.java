package dev.graft.trainer.finetune;

import dev.graft.networks.network.Network;
import dev.graft.networks.training.LayerDecay;
import dev.graft.networks.training.Loss;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Weights;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.pytorch.training.Dropout;
import dev.graft.pytorch.training.FineTuner;
import dev.graft.pytorch.training.TuningSettings;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.HeadLayer;
import dev.graft.trainer.head.HeldOut;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.head.TrainingListener;
import dev.graft.vision.Preprocessing;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/// Fine-tunes the upper stages of a backbone, with the head that was trained before. The same images,
/// weights, head and settings give the same parameters on one kind of CPU and number of threads; on a CUDA
/// device they give them to what float32 rounds. Safe for use by several threads at once; a call computes
/// on its own thread and as many beside it as are allowed.
public final class FineTuning {
    /// Images that one thread differentiates together on the CPU. What is kept for the backward pass of so
    /// many fits the caches best, and the memory of each is bounded.
    static final int MICRO_BATCH = 16;

    private final ObjectStore store;
    private final ScratchFolder scratch;
    private final EngineChoice choice;
    private final int parallelism;
    private final long nativeBytes;

    /// @param store where images lie
    /// @param scratch where rows wait
    /// @param choice where it is computed; a device that is left open is found when a training begins
    /// @param parallelism threads
    /// @param nativeBytes memory outside the heap that passes through the frozen network may take
    public FineTuning(
            ObjectStore store, ScratchFolder scratch, EngineChoice choice, int parallelism, long nativeBytes) {
        this.store = store;
        this.scratch = scratch;
        this.choice = choice;
        this.parallelism = parallelism;
        this.nativeBytes = nativeBytes;
    }

    /// Where a training begins, and where it keeps how far it has come. For one training, and its thread.
    public static final class Continuation {
        private final Consumer<byte[]> keep;
        private Optional<byte[]> state;

        /// @param state that was kept last; empty: from the beginning
        /// @param keep keeps a state after every epoch
        public Continuation(Optional<byte[]> state, Consumer<byte[]> keep) {
            this.state = state;
            this.keep = keep;
        }

        /// Returns whether the training goes on from a state. To be asked before it does.
        public boolean isBegun() {
            return state.isPresent();
        }

        /// Returns how many epochs are done. To be asked before the training goes on.
        int epochs() {
            return state.map(TuningState::epochs).orElse(0);
        }

        /// Gives the state, once: its bytes may be a third of the heap, and are let go.
        Optional<TuningState> take() {
            Optional<TuningState> taken = state.map(TuningState::read);
            state = Optional.empty();
            return taken;
        }

        void keep(TuningState now) {
            keep.accept(now.write());
        }
    }

    /// Returns the units of progress: each image counts once for each variant that passes through the trunk, and once
    /// an epoch. (What is held out passes once, and counts with the others.)
    public static long passes(int images, FineTuneSettings settings) {
        return (long) images * (settings.shownVariants() + settings.epochs());
    }

    /// Fine-tunes.
    ///
    /// @param network the part of the backbone's network that gives one row of features
    /// @param weights its weights, open until this returns
    /// @param recipe how images become the network's input
    /// @param head trained on its features; where both learn together, only its form counts
    /// @param continuation where it begins; a training that goes on ends as one that was never broken off
    /// @param listener receives how far it is, on the calling thread
    /// @throws UnusableImageException when an image is gone or cannot be decoded
    /// @throws dev.graft.pytorch.training.DivergedException when the loss or a gradient is not finite, or the
    ///     loss has grown beyond a bound
    /// @throws dev.graft.pytorch.training.OutOfDeviceMemoryException when a CUDA device does not hold one
    ///     image
    /// @throws IllegalStateException when a CUDA device is asked for that PyTorch cannot use
    /// @throws java.util.concurrent.CancellationException when the calling thread is interrupted
    public FineTuned run(
            Network network,
            Weights weights,
            Preprocessing recipe,
            TrainedHead head,
            TuningSet set,
            FineTuneSettings settings,
            Continuation continuation,
            TrainingListener listener) {
        List<Integer> widths =
                head.layers().stream().map(HeadLayer::outFeatures).toList();
        TunablePart part = TunablePart.of(network, settings.stages(), widths);
        HeldOut heldOut = set.heldOut();
        TuningProgress progress = new TuningProgress(set.labels().length, settings, continuation.epochs(), listener);
        StoredImages images = new StoredImages(store, recipe);
        try (TrainingRows rows = rows(part, weights, images, set, heldOut, settings, progress);
                FineTuner tuner = FineTuner.of(
                        part.upper(),
                        TunablePart.with(weights, beginning(head, settings, set.seed())),
                        part.trained(),
                        tuningSettings(part, head, settings, set.seed()),
                        choice.resolved().device())) {
            Tuning.Best best = new Tuning(tuner, rows, set, heldOut, settings, progress).train(continuation);
            return result(best, head);
        }
    }

    /// Computes the features of images with a backbone that was fine-tuned.
    ///
    /// @param network the part of the backbone's network that gives one row of features
    /// @param weights its weights, needed only during this call
    /// @param recipe how images become the network's input
    /// @param tuned what of the weights is other
    /// @param progress receives how many images are done, on the calling thread
    /// @return a row for each image, which the caller closes
    /// @throws UnusableImageException when an image is gone or cannot be decoded
    /// @throws java.util.concurrent.CancellationException when the calling thread is interrupted
    public FeatureMatrix features(
            Network network,
            Weights weights,
            Preprocessing recipe,
            FineTuned tuned,
            List<String> imageIds,
            IntConsumer progress) {
        int columns = Math.toIntExact(network.outputShape().elements());
        FeatureMatrix features = new FeatureMatrix(imageIds.size(), columns);
        try (Trunk trunk = Trunk.of(
                new StoredImages(store, recipe),
                Optional.of(network),
                weights.with(tuned.parameters()),
                choice,
                parallelism,
                nativeBytes)) {
            trunk.forEachBatch(
                    imageIds,
                    (first, numbers) -> {
                        MemorySegment all = MemorySegment.ofArray(numbers);
                        long rowBytes = (long) columns * Float.BYTES;
                        for (int row = 0; row < numbers.length / columns; row++) {
                            features.setRow(first + row, all.asSlice(row * rowBytes, rowBytes));
                        }
                    },
                    progress);
            return features;
        } catch (RuntimeException | Error e) {
            features.close();
            throw e;
        }
    }

    /// Varied rows are computed while the tuner holds memory of its own.
    private TrainingRows rows(
            TunablePart part,
            Weights weights,
            StoredImages images,
            TuningSet set,
            HeldOut heldOut,
            FineTuneSettings settings,
            TuningProgress progress) {
        if (settings.augment() == null) {
            FrozenPart frozen = new FrozenPart(part.trunk(), weights, choice, scratch, parallelism, nativeBytes);
            return PlainRows.of(frozen, images, set, progress);
        }
        long left = nativeBytes - TuningMemory.heldBytes(part);
        FrozenPart frozen = new FrozenPart(part.trunk(), weights, choice, scratch, parallelism, left);
        return new VariedRows(frozen, images, set, heldOut, settings, progress);
    }

    private TuningSettings tuningSettings(TunablePart part, TrainedHead head, FineTuneSettings settings, long seed) {
        Double clipNorm = settings.clipNorm();
        return new TuningSettings(
                new Loss(head.sigmoid() ? Loss.Output.SIGMOID : Loss.Output.SOFTMAX, settings.labelSmoothing()),
                settings.descent(),
                settings.dropout() == 0
                        ? Optional.empty()
                        : Optional.of(new Dropout(part.lastLayer(), settings.dropout(), seed)),
                clipNorm == null ? OptionalDouble.empty() : OptionalDouble.of(clipNorm),
                new LayerDecay(settings.layerDecay()).factors(part.upper(), part.trained()),
                MICRO_BATCH,
                parallelism,
                settings.mixedPrecision());
    }

    private static List<HeadLayer> beginning(TrainedHead head, FineTuneSettings settings, long seed) {
        return settings.joint() ? head.anew(seed).layers() : head.layers();
    }

    private static FineTuned result(Tuning.Best best, TrainedHead before) {
        SequencedMap<String, FloatTensor> backbone = new LinkedHashMap<>();
        for (Map.Entry<String, FloatTensor> parameter : best.parameters().entrySet()) {
            if (!TunablePart.isHead(parameter.getKey())) {
                backbone.put(parameter.getKey(), parameter.getValue());
            }
        }
        List<HeadLayer> layers = new ArrayList<>(TunablePart.head(best.parameters()));
        double sharpness = best.judgement().sharpness();
        List<HeadLayer> calibrated = Stream.concat(
                        layers.subList(0, layers.size() - 1).stream(),
                        Stream.of(layers.getLast().times(sharpness)))
                .toList();
        TrainedHead head = new TrainedHead(
                calibrated,
                before.sigmoid(),
                best.curve(),
                best.curve().size(),
                1 / sharpness,
                null,
                List.of(),
                best.judgement().accuracy());
        return new FineTuned(backbone, head, best.epoch());
    }
}
