package dev.graft.networks.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.inference.PassMemory.Plan;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import org.junit.jupiter.api.Test;

class PassMemoryTest {
    private static final long MEBIBYTE = 1L << 20;

    private final PassMemory memory = new PassMemory(100 * MEBIBYTE, 10 * MEBIBYTE);

    /// The largest results of VGG are those of its first block, of 64 channels at the size of the image: what a
    /// step reads and what it gives. The image and its row lie beside them.
    @Test
    void countsWhatIsAliveAtOneTime() {
        Network vgg = Architectures.named("vgg16").upTo(TransferLayer.parse("fc2"));

        PassMemory found = PassMemory.of(vgg);

        assertThat(found.openBytes()).isEqualTo(8 * vgg.parameterCount());
        assertThat(found.imageBytes()).isEqualTo(6 * (2 * 64 * 224 * 224 + 3 * 224 * 224 + 4096));
    }

    @Test
    void growsWithTheSizeOfTheImage() {
        Network small = Architectures.named("resnet50").upTo(TransferLayer.parse("global_pool"));

        assertThat(PassMemory.of(small.withInputSize(448)).imageBytes())
                .isBetween(
                        39 * PassMemory.of(small).imageBytes() / 10,
                        4 * PassMemory.of(small).imageBytes());
    }

    /// Products and shares of 6 heads between 5,330 tokens.
    @Test
    void countsWhatAttentionKeepsOnTheWay() {
        Network transformer = Architectures.named("vit_small_patch14_dinov2");
        Network large = transformer.withInputSize(1022).upTo(TransferLayer.parse(transformer.features()));

        assertThat(PassMemory.of(large).imageBytes())
                .isGreaterThan(2L * 6 * 5330 * 5330 * 6)
                .isLessThan(3L * 6 * 5330 * 5330 * 6);
    }

    @Test
    void lessensTheBatchFirstAndThenThePassesSideBySide() {
        assertThat(memory.within(1000 * MEBIBYTE, 4, 3)).contains(new Plan(4, 3, 220 * MEBIBYTE));
        assertThat(memory.within(219 * MEBIBYTE, 4, 3)).contains(new Plan(3, 3, 190 * MEBIBYTE));
        assertThat(memory.within(130 * MEBIBYTE, 4, 3)).contains(new Plan(1, 3, 130 * MEBIBYTE));
        assertThat(memory.within(129 * MEBIBYTE, 4, 3)).contains(new Plan(1, 2, 120 * MEBIBYTE));
        assertThat(memory.within(110 * MEBIBYTE, 4, 3)).contains(new Plan(1, 1, 110 * MEBIBYTE));
    }

    @Test
    void findsNoPassWhereOneImageIsTooMuch() {
        assertThat(memory.within(110 * MEBIBYTE - 1, 4, 3)).isEmpty();
        assertThat(memory.within(MEBIBYTE, 4, 3)).isEmpty();
    }
}
