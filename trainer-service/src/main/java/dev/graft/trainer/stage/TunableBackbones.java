package dev.graft.trainer.stage;

import dev.graft.networks.weights.Safetensors;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.cdi.ScratchFolder;
import dev.graft.trainer.TrainerConfig;
import dev.graft.trainer.TrainingDevice;
import dev.graft.trainer.dataset.Partition;
import dev.graft.trainer.embedding.Extractors;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.FineTuned;
import dev.graft.trainer.finetune.FineTuning;
import dev.graft.trainer.finetune.TuningSet;
import dev.graft.trainer.head.FeatureMatrix;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.head.TrainingListener;
import dev.graft.weightstore.WeightStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.IntConsumer;

/// Opens the weights of runs' backbones, to fine-tune them and to compute what they then give. Blocks.
@ApplicationScoped
class TunableBackbones {
    private final WeightStore weights;
    private final FineTuning tuning;

    TunableBackbones(
            ObjectStore store,
            WeightStore weights,
            ScratchFolder scratch,
            TrainingDevice device,
            TrainerConfig config) {
        this.weights = weights;
        this.tuning = new FineTuning(
                store,
                scratch,
                device.choice(),
                config.parallelism().orElseGet(Runtime.getRuntime()::availableProcessors),
                config.nativeBytes());
    }

    /// Fine-tunes the backbone of a run behind a head ([FineTuning#run]).
    FineTuned tune(
            Material material,
            FineTuneSettings settings,
            TrainedHead head,
            FineTuning.Continuation continuation,
            TrainingListener listener) {
        TuningSet set = FineTuneStage.set(material.partition(), material.settings());
        try (Safetensors file = open(material)) {
            return tuning.run(
                    material.extractor().network(),
                    file,
                    material.extractor().backbone().preprocessing(),
                    head,
                    set,
                    settings,
                    continuation,
                    listener);
        }
    }

    /// Computes what a backbone that was fine-tuned gives for images ([FineTuning#features]).
    FeatureMatrix features(Material material, FineTuned tuned, List<String> imageIds, IntConsumer progress) {
        try (Safetensors file = open(material)) {
            return tuning.features(
                    material.extractor().network(),
                    file,
                    material.extractor().backbone().preprocessing(),
                    tuned,
                    imageIds,
                    progress);
        }
    }

    static List<String> imageIds(List<Partition.Example> examples) {
        return examples.stream().map(Partition.Example::imageId).toList();
    }

    private Safetensors open(Material material) {
        return Extractors.weights(weights, material.extractor());
    }
}
