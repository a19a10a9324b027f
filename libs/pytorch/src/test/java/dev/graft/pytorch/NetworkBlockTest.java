package dev.graft.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.graft.networks.FormulaWeights;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.Weights;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkBlockTest {
    private static final int SIZE = 64;
    private static final FormulaWeights FORMULA = new FormulaWeights("train:");
    private static final Network NETWORK =
            Architectures.named("tf_efficientnet_lite0").withInputSize(SIZE);
    private static final Weights WEIGHTS = FORMULA.of(NETWORK);

    @Test
    void takesItsParametersFromTheWeightsAndGivesThemBack() {
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            NetworkBlock block = NetworkBlock.of(manager, NETWORK, WEIGHTS);
            Map<String, FloatTensor> tensors = block.tensors();
            assertThat(tensors.keySet()).isEqualTo(WEIGHTS.names());
            tensors.forEach((name, tensor) ->
                    assertThat(tensor.toArray()).isEqualTo(WEIGHTS.tensor(name).toArray()));
        }
    }

    @Test
    void keepsItsParametersInPyTorchsMemoryAndNotInTheJvmsDirectMemory() {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            long beforeBytes = direct.getMemoryUsed();
            NetworkBlock block = NetworkBlock.of(manager, NETWORK, WEIGHTS);
            // The network's parameters are 18 MiB; collecting garbage can only make this less.
            assertThat(direct.getMemoryUsed() - beforeBytes).isLessThan(1 << 20);
            assertThat(block.network()).isEqualTo(NETWORK);
        }
    }

    @Test
    void copiesTensorsOfMorePiecesThanOne() {
        float[] numbers = new float[3 * 1000 * 1000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        FloatTensor tensor = FloatTensor.of(dev.graft.networks.network.Shape.of(3, 1000, 1000), numbers);
        try (NDManager manager = PyTorch.engine().newBaseManager();
                TensorCopies copies = new TensorCopies(manager)) {
            NDArray copy = copies.of(tensor);
            assertThat(copy.getShape()).isEqualTo(new Shape(3, 1000, 1000));
            assertThat(copy.toFloatArray()).isEqualTo(numbers);
        }
    }

    @Test
    void refusesWeightsOfAnotherNetwork() {
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            assertThatThrownBy(() -> NetworkBlock.of(manager, NETWORK, Weights.of(Map.of())))
                    .isInstanceOf(MalformedWeightsException.class);
        }
    }

    @Test
    void countsWhatIsOpenForTraining() {
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            NetworkBlock block = NetworkBlock.of(manager, NETWORK, WEIGHTS);
            assertThat(block.unfreeze(node -> node.stage().equals("classifier")))
                    .isEqualTo(1_281_000);
            assertThat(block.unfreeze(_ -> true)).isEqualTo(NETWORK.parameterCount());
            assertThat(block.unfreeze(_ -> false)).isZero();
            assertThat(block.unfreeze(List.of("conv_head", "classifier", "bn2")))
                    .isEqualTo(320 * 1280 + 2 * 1280 + 1_281_000);
            assertThatThrownBy(() -> block.unfreeze(List.of("block9"))).hasMessageContaining("conv_head");
            assertThatThrownBy(() -> block.unfreeze(List.of("classifier", "global_pool")))
                    .hasMessageContaining("global_pool")
                    .hasMessageContaining("nothing to train");
        }
    }

    @Test
    void trainsWhatIsOpenAndLeavesAllElseBitEqual() {
        try (Model model = Model.newInstance("lite0", "PyTorch")) {
            NetworkBlock block = NetworkBlock.of(model.getNDManager(), NETWORK, WEIGHTS);
            model.setBlock(block);
            try (Trainer trainer = model.newTrainer(config())) {
                block.unfreeze(
                        node -> node.stage().equals("conv_head") || node.stage().equals("classifier"));
                trainer.initialize(new Shape(2, 3, SIZE, SIZE));
                step(trainer);
                step(trainer);
            }
            block.tensors().forEach((name, tensor) -> {
                boolean open = name.startsWith("conv_head.")
                        || name.startsWith("classifier.")
                        || name.equals("bn2.weight")
                        || name.equals("bn2.bias");
                float[] before = WEIGHTS.tensor(name).toArray();
                if (open) {
                    assertThat(tensor.toArray()).as(name).isNotEqualTo(before);
                } else {
                    assertThat(tensor.toArray()).as(name).isEqualTo(before);
                }
            });
        }
    }

    @Test
    void closesEveryIntermediateResultOfAForwardPass() {
        try (NDManager manager = PyTorch.engine().newBaseManager()) {
            NetworkBlock block = NetworkBlock.of(manager, NETWORK, WEIGHTS);
            int before = manager.getManagedArrays().size();
            try (NDManager scope = manager.newSubManager()) {
                NDArray images = scope.create(FORMULA.images(1, SIZE), new Shape(1, 3, SIZE, SIZE));
                NDList result = block.forward(new ParameterStore(scope, false), new NDList(images), false);
                assertThat(result.singletonOrThrow().getShape()).isEqualTo(new Shape(1, 1000));
                assertThat(scope.getManagedArrays()).hasSize(2);
            }
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    private static DefaultTrainingConfig config() {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optInitializer(Initializer.ONES, _ -> false)
                .optOptimizer(Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed(1e-3f))
                        .build());
    }

    private static void step(Trainer trainer) {
        try (NDManager scope = trainer.getManager().newSubManager();
                GradientCollector gradients = trainer.newGradientCollector()) {
            NDArray images = scope.create(FORMULA.images(2, SIZE), new Shape(2, 3, SIZE, SIZE));
            NDArray labels = scope.create(new float[] {3, 7}, new Shape(2, 1));
            NDList output = trainer.forward(new NDList(images));
            gradients.backward(trainer.getLoss().evaluate(new NDList(labels), output));
        }
        trainer.step();
    }
}
