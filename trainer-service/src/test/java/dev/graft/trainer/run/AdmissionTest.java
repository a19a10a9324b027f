package dev.graft.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.problem.ProblemException;
import dev.graft.pytorch.engine.EngineChoice;
import dev.graft.trainer.finetune.FineTuneSettings;
import dev.graft.trainer.finetune.TunablePart;
import dev.graft.trainer.finetune.TuningMemory;
import dev.graft.trainer.head.ClassWeights;
import dev.graft.trainer.head.HeadArchitecture;
import dev.graft.trainer.head.HeadSettings;
import dev.graft.trainer.head.TrainingMemory;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final EngineChoice CPU = EngineChoice.parse("auto", "cpu");

    /// A service with 1 GiB of heap for a training, and 2 GiB besides.
    private final Admission admission = new Admission(CPU, 2, GIBIBYTE, 2 * GIBIBYTE, GIBIBYTE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear        | 50000 | 1280   | 10",
                "linear        | 4400  | 1280   | 1100",
                "linear        | 400   | 200704 | 2",
                "mlp:1024,512  | 5000  | 1280   | 100",
                "mlp:4096,4096 | 400   | 1280   | 2",
                "sigmoid       | 400   | 25088  | 2"
            })
    void acceptsWhatFits(String head, long images, long features, int classes) {
        assertThatCode(() -> admission.require(settings(head), size(images, features, classes)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mlp:8192,8192 | 400     | 1280    | 2     | /head    | parameters at most",
                "mlp:8192,8192,8192,8192 | 400 | 1280 | 2  | /head    | parameters at most",
                "mlp:4096      | 400     | 25088   | 2     | /head    | parameters at most",
                "linear        | 5000    | 25088   | 1100  | /layer   | parameters at most",
                "linear        | 400     | 802816  | 40    | /layer   | parameters at most",
                "linear        | 50000   | 25088   | 10    | /layer   | pictures at most",
                "linear        | 2000000 | 16      | 2     | /dataset | of heap",
                "linear        | 20000   | 64      | 10000 | /dataset | of heap"
            })
    void refusesWhatDoesNotFitWithTheFieldAndTheBound(
            String head, long images, long features, int classes, String pointer, String bound) {
        assertThatThrownBy(() -> admission.require(settings(head), size(images, features, classes)))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(422);
                    assertThat(refused.problem().pointer()).isEqualTo(pointer);
                })
                .hasMessageContaining(bound);
    }

    @Test
    void theBoundThatIsNamedIsTheBound() {
        TrainingMemory fits = TrainingMemory.of(settings("mlp:4096,4096"), size(400, 1280, 2), 2);
        Admission tight = new Admission(CPU, 2, fits.heapBytes(), 2 * GIBIBYTE, GIBIBYTE);

        assertThatCode(() -> tight.require(settings("mlp:4096,4096"), size(400, 1280, 2)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> tight.require(settings("mlp:4096,4100"), size(400, 1280, 2)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat((double) named(refused))
                                .isCloseTo(fits.parameters(), withinPercentage(0.1)));
    }

    private static long named(ProblemException refused) {
        Matcher bound = Pattern.compile("can take ([0-9,]+) parameters at most")
                .matcher(String.valueOf(refused.problem().detail()));
        assertThat(bound.find()).isTrue();
        return Long.parseLong(bound.group(1).replace(",", ""));
    }

    private static TrainingMemory.Size size(long images, long features, int classes) {
        return new TrainingMemory.Size(images * 4 / 5, images / 5, features, classes);
    }

    /// lite0 has 3.4 million parameters above its stem; 100,000 images of 112 × 7 × 7 in half precision are 1.02 GiB,
    /// and VGG's dense layers alone would take 4 GiB of heap.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tf_efficientnet_lite0 | global_pool | blocks.6  | 1000   |",
                "tf_efficientnet_lite0 | global_pool | blocks.4  | 1000   |",
                "tf_efficientnet_lite0 | global_pool | all       | 1000   | of heap and 2.1 GiB besides",
                "tf_efficientnet_lite0 | global_pool | blocks.6  | 100000 | on disk",
                "vgg16                 | fc2         | fc1       | 10     | of heap"
            })
    void boundsWhatIsFineTuned(String architecture, String layer, String stage, long images, @Nullable String bound) {
        Network network = Architectures.named(architecture).upTo(TransferLayer.parse(layer));
        TunablePart part = TunablePart.of(network, List.of(stage), List.of(10));
        if (bound == null) {
            assertThatCode(() -> admission.require(part, settings(null, null), images))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> admission.require(part, settings(null, null), images))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().pointer()).isEqualTo("/fineTune"))
                    .hasMessageContaining(bound);
        }
    }

    /// The normalisation that is trained takes little; the network below it, twice 90 MiB, and an image in it
    /// do not.
    @Test
    void boundsWhatPassesThroughTheFrozenPart() {
        Network network = Architectures.named("resnet50").upTo(TransferLayer.parse("global_pool"));
        TunablePart part = TunablePart.of(network, List.of("layer4.2.bn3"), List.of(10));
        Admission tight = new Admission(CPU, 1, GIBIBYTE, 180L << 20, GIBIBYTE);

        assertThatCode(() -> admission.require(part, settings(null, null), 1000))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> tight.require(part, settings(null, null), 1000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().pointer()).isEqualTo("/fineTune"));
    }

    /// What a device of its own holds does not count, whatever the part; what waits on disk does.
    @Test
    void countsNoMemoryOutsideTheHeapForADeviceOfItsOwn() {
        Network network = Architectures.named("resnet50").upTo(TransferLayer.parse("global_pool"));
        TunablePart part = TunablePart.of(network, List.of("layer4"), List.of(10));
        TuningMemory need = TuningMemory.of(part, settings(null, null), 1000, 2);
        TuningMemory onDevice = need.onDevice();

        assertThat(need.nativeBytes()).isPositive();
        assertThat(onDevice.nativeBytes()).isZero();
        assertThat(onDevice.heapBytes()).isEqualTo(need.heapBytes());
        assertThat(onDevice.rowsBytes()).isEqualTo(need.rowsBytes());
    }

    @Test
    void saysWhatTheTrainerIsSetToWherePyTorchCannotUseIt() {
        Network network = Architectures.named("tf_efficientnet_lite0").upTo(TransferLayer.parse("global_pool"));
        TunablePart part = TunablePart.of(network, List.of("blocks.6"), List.of(10));
        Admission nowhere = new Admission(EngineChoice.parse("auto", "cuda:999"), 2, GIBIBYTE, GIBIBYTE, GIBIBYTE);

        assertThatThrownBy(() -> nowhere.require(part, settings(null, null), 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().pointer()).isEqualTo("/fineTune"))
                .hasMessageContaining("no cuda:999")
                .hasMessageContaining("graft.device");
    }

    /// What 20,000 images give, 192 × 7 × 7 in half precision, is 0.35 GiB; of variants that come one after
    /// another there is one at a time.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "20000  |    |                                  |",
                "20000  | 2  |                                  |",
                "20000  | 3  | Choose 2 augmentVariants at most | /augmentVariants",
                "20000  | 60 | 50 variants of 20,000 pictures   | /augmentVariants",
                "100000 |    | on disk                          | /fineTune",
                "100000 | 2  | on disk                          | /fineTune"
            })
    void boundsTheVariantsThatAreKept(
            long images, @Nullable Integer variants, @Nullable String bound, @Nullable String pointer) {
        Network network = Architectures.named("tf_efficientnet_lite0").upTo(TransferLayer.parse("global_pool"));
        TunablePart part = TunablePart.of(network, List.of("blocks.6"), List.of(10));
        FineTuneSettings varied = settings("horizontal-flip", variants);
        if (bound == null) {
            assertThatCode(() -> admission.require(part, varied, images)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> admission.require(part, varied, images))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().pointer()).isEqualTo(pointer))
                    .hasMessageContaining(bound);
        }
    }

    /// While images are varied between two epochs, the frozen part is open beside what is trained.
    @Test
    void countsTheFrozenPartAndTheTrainedOneWhereTheyAreOpenTogether() {
        Network network = Architectures.named("resnet50").upTo(TransferLayer.parse("global_pool"));
        TunablePart part = TunablePart.of(network, List.of("layer4.2.bn3"), List.of(10));
        long plain = TuningMemory.of(part, settings(null, null), 10, 1).nativeBytes();
        long varied =
                TuningMemory.of(part, settings("horizontal-flip", null), 10, 1).nativeBytes();

        assertThat(varied).isGreaterThan(plain);
        assertThatCode(() -> new Admission(CPU, 1, GIBIBYTE, varied, GIBIBYTE)
                        .require(part, settings("horizontal-flip", null), 10))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new Admission(CPU, 1, GIBIBYTE, varied - 1, GIBIBYTE)
                        .require(part, settings("horizontal-flip", null), 10))
                .isInstanceOfSatisfying(ProblemException.class, refusal -> {
                    assertThat(refusal.problem().pointer()).isEqualTo("/augment");
                    assertThat(refusal.problem().detail()).contains("Leave augment out");
                });
        assertThatThrownBy(() -> new Admission(CPU, 1, GIBIBYTE, plain - 1, GIBIBYTE)
                        .require(part, settings("horizontal-flip", null), 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().pointer()).isEqualTo("/fineTune"));
    }

    /// A head alone has no stages of which fewer could be named.
    @Test
    void saysWhatToDoWhereTheHeadAloneLearnsFromVariedImages() {
        Network network = Architectures.named("vgg16").upTo(TransferLayer.parse("block5_pool"));
        TunablePart part = TunablePart.of(network, List.of(), List.of(10));
        FineTuneSettings varied = settings(List.of(), "horizontal-flip", null);
        TuningMemory need = TuningMemory.of(part, varied, 10, 1);

        assertThatThrownBy(() ->
                        new Admission(CPU, 1, GIBIBYTE, need.nativeBytes() - 1, GIBIBYTE).require(part, varied, 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().pointer()).isEqualTo("/augment"));
        assertThatThrownBy(() -> new Admission(CPU, 1, GIBIBYTE, need.nativeBytes(), need.rowsBytes() - 1)
                        .require(part, varied, 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().pointer()).isEqualTo("/augment"))
                .hasMessageContaining("Leave augment out");
        TunablePart wide = TunablePart.of(network, List.of(), List.of(4096, 10));
        assertThatThrownBy(
                        () -> new Admission(CPU, 1, Long.MAX_VALUE, Long.MAX_VALUE, GIBIBYTE).require(wide, varied, 10))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().pointer()).isEqualTo("/head"));
    }

    private static FineTuneSettings settings(@Nullable String augment, @Nullable Integer variants) {
        return settings(List.of("any"), augment, variants);
    }

    private static FineTuneSettings settings(
            List<String> stages, @Nullable String augment, @Nullable Integer variants) {
        return new FineTuneSettings(
                stages, false, "adamw", 50, 32, 3e-4, 0.7, "cosine", 1, 0.01, 0, 0, 0, null, 4, false, augment,
                variants);
    }

    private static HeadSettings settings(String head) {
        HeadArchitecture architecture = HeadArchitecture.parse(head);
        return architecture instanceof HeadArchitecture.Mlp
                ? new HeadSettings(
                        architecture, HeadSettings.Optimizer.ADAMW, 100, 64, 0.001, 0, new ClassWeights.Equal(), 0)
                : new HeadSettings(
                        architecture, HeadSettings.Optimizer.LBFGS, 100, 1, 1, 0, new ClassWeights.Equal(), 0);
    }
}
