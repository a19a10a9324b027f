package dev.graft.feature.extractor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.inference.PassMemory;
import dev.graft.networks.network.TransferLayer;
import dev.graft.problem.ProblemException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkMemoryTest {
    private static final long MEBIBYTE = 1L << 20;

    /// What a pod of 4 GiB with a heap of 1,792 MiB has for networks.
    private static final long OF_A_POD_BYTES = 1152 * MEBIBYTE;

    private static final int BATCH = 4;
    private static final int PASSES = 3;

    private static PassMemory.Plan plan(long boundBytes, String backbone, int inputSizePixels, String layer) {
        return new NetworkMemory(boundBytes).plan(sized(backbone, inputSizePixels), layer(layer), BATCH, PASSES);
    }

    private static Backbone sized(String backbone, int inputSizePixels) {
        return Catalogue.standard().get(backbone).withInputSize(inputSizePixels);
    }

    private static TransferLayer layer(String layer) {
        return TransferLayer.parse(layer);
    }

    static List<Backbone> catalogue() {
        return Catalogue.standard().backbones();
    }

    /// VGG is the heaviest by far.
    @ParameterizedTest
    @MethodSource("catalogue")
    void takesInADeployedPodWhatTheCatalogueHas(Backbone backbone) {
        PassMemory.Plan plan = new NetworkMemory(OF_A_POD_BYTES).plan(backbone, backbone.defaultLayer(), BATCH, PASSES);

        assertThat(plan.bytes()).isLessThanOrEqualTo(OF_A_POD_BYTES);
    }

    @Test
    void namesTheLargestInputThatFits() {
        long bound = 64 * MEBIBYTE;

        assertThatThrownBy(() -> plan(bound, "tf_efficientnet_lite0.in1k", 512, "global_pool"))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(422);
                    assertThat(refused.problem().pointer()).isEqualTo("inputSizePixels");
                    int most = named(refused);
                    assertThat(plan(bound, "tf_efficientnet_lite0.in1k", most, "global_pool")
                                    .batch())
                            .isEqualTo(1);
                    assertThatThrownBy(() -> plan(bound, "tf_efficientnet_lite0.in1k", most + 32, "global_pool"))
                            .isInstanceOf(ProblemException.class);
                })
                .hasMessageContaining("of 512 × 512 pixels in tf_efficientnet_lite0.in1k up to layer global_pool")
                .hasMessageContaining("this service has 64 MiB for it");
    }

    private static int named(ProblemException refused) {
        Matcher most = Pattern.compile("input size of (\\d+) pixels at most")
                .matcher(String.valueOf(refused.problem().detail()));
        assertThat(most.find()).isTrue();
        return Integer.parseInt(most.group(1));
    }

    /// The matrices behind VGG's last map have 456 of its 512 MiB of weights, whatever the size of the image.
    @Test
    void namesALowerLayerWhereNoInputIsSmallEnough() {
        long bound = 400 * MEBIBYTE;

        assertThatThrownBy(() -> plan(bound, "vgg16.tv_in1k", 224, "fc2"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().pointer()).isEqualTo("layer"))
                .hasMessageContaining("such as block5:pooled");
        assertThat(plan(bound, "vgg16.tv_in1k", 224, "block5:pooled").bytes()).isLessThanOrEqualTo(bound);
    }

    @Test
    void namesTheBackboneWhereNothingElseHelps() {
        assertThatThrownBy(() -> plan(MEBIBYTE / 64, "vgg16.tv_in1k", 224, "fc2"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().pointer()).isEqualTo("backbone"));
    }
}
