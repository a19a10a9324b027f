package dev.graft.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.networks.architecture.Architectures;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.Op;
import dev.graft.networks.network.ParameterSpec;
import dev.graft.networks.network.PoolingOp;
import dev.graft.networks.network.Shape;
import dev.graft.networks.network.Step;
import dev.graft.networks.network.TransferLayer;
import dev.graft.vision.Interpolation;
import dev.graft.vision.Preprocessing;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    /// The published counts are thousands of millions, rounded to hundredths.
    private static final double PUBLISHED_UNIT = 1e7;

    private static final int POSITIONS_PUBLISHED_PIXELS = 518;

    private final Catalogue catalogue = Catalogue.standard();

    @Test
    void saysOfEveryBackboneWhatItsNetworkSays() {
        assertThat(catalogue.backbones()).isNotEmpty().allSatisfy(backbone -> {
            Network network = backbone.network();
            assertThat(backbone.parameters()).isEqualTo(network.parameterCount());
            assertThat(backbone.multiplyAdds()).isEqualTo(network.multiplyAdds());
            assertThat(network.upTo(backbone.defaultLayer()).outputShape())
                    .isEqualTo(Shape.of(backbone.featureDimension()));
            assertThat(backbone.sizeBytes()).isEqualTo(published(network).sizeBytes());
        });
    }

    /// The vision transformer was published with the positions of larger images than it is used with.
    private static Network published(Network network) {
        boolean positions = network.parameters().stream().anyMatch(ParameterSpec::positions);
        return positions ? network.withInputSize(POSITIONS_PUBLISHED_PIXELS) : network;
    }

    @Test
    void knowsARecipeForEveryArchitecture() {
        assertThat(Architectures.names())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(catalogue.recipe(name)).isPresent());
        assertThat(catalogue.recipe("efficientnet_lite2"))
                .map(Preprocessing::inputSizePixels)
                .contains(260);
        assertThat(catalogue.recipe("alexnet")).isEmpty();
    }

    @Test
    void saysOfWeightSetsWhatIsPublished() throws IOException {
        JsonNode published = new ObjectMapper().readTree(CatalogueTest.class.getResource("reference/backbones.json"));
        assertThat(published).isNotEmpty();
        for (JsonNode set : published) {
            requireSame(catalogue.get(set.path("id").asText()), set);
        }
    }

    private static void requireSame(Backbone backbone, JsonNode set) {
        Preprocessing recipe = backbone.preprocessing();
        int size = set.at("/input_size/1").asInt();
        assertThat(backbone.license()).isEqualToIgnoringCase(set.path("license").asText());
        assertThat(backbone.sha256().orElse("null"))
                .isEqualTo(set.path("sha256").asText());
        assertThat(recipe.inputSizePixels()).isEqualTo(size);
        assertThat(recipe.shortSidePixels())
                .isEqualTo(set.path("resize_shorter").asInt());
        assertThat(recipe.cropFraction()).isEqualTo(set.path("crop_pct").asDouble());
        assertThat(recipe.interpolation().name())
                .isEqualToIgnoringCase(set.path("interpolation").asText());
        assertThat(recipe.mean().toString())
                .isEqualTo(set.path("mean").toString().replace(",", ", "));
        assertThat(recipe.std().toString()).isEqualTo(set.path("std").toString().replace(",", ", "));
        assertThat(backbone.featureDimension())
                .isEqualTo(set.path("pre_logits_dim").asInt());
        assertThat(backbone.network().shape(backbone.network().featureMap()).dimensions())
                .as("channels of the last map, which are fewer than the features of VGG")
                .startsWith(set.path("feature_dim").asInt());
        assertThat(backbone.parameters()).isEqualTo(set.path("params").asLong());
        assertThat(backbone.sizeBytes()).isEqualTo(set.path("state_dict_bytes").asLong());
        assertThat(Math.round(publishedOperations(backbone.network()) / PUBLISHED_UNIT))
                .isEqualTo(Math.round(set.path("gmacs").asDouble() * 1e9 / PUBLISHED_UNIT));
        for (JsonNode result : set.path("imagenet")) {
            if (result.path("size").asInt() == size) {
                assertThat(backbone.accuracy())
                        .contains(new Backbone.Accuracy(
                                result.path("top1").asDouble(),
                                result.path("top5").asDouble()));
            }
        }
    }

    /// What is published counts, beside products, two operations for each number that a batch normalisation
    /// gives and one for each that the last pooling takes.
    private static long publishedOperations(Network network) {
        long operations = network.multiplyAdds();
        for (Step step : network.steps()) {
            if (step.op() instanceof Op.BatchNorm) {
                operations += 2 * step.outputShape().elements();
            } else if (step.op() instanceof PoolingOp.GlobalAveragePool) {
                operations += step.inputShape().elements();
            }
        }
        return operations;
    }

    @Test
    void tellsTheFirstWeightSetOfAnArchitectureByItsName() {
        Backbone backbone = catalogue.defaultBackbone();
        assertThat(backbone.name()).isEqualTo("tf_efficientnet_lite0.in1k");
        assertThat(catalogue.get("tf_efficientnet_lite0")).isEqualTo(backbone);
        assertThat(catalogue.find("tf_efficientnet_lite0.in1k")).contains(backbone);
        assertThatThrownBy(() -> catalogue.get("alexnet"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(backbone.name());
    }

    @Test
    void describesArchitecturesOfWhichNoWeightsArePublished() {
        Backbone untrained = catalogue.get("efficientnet_lite3");
        assertThat(untrained.name()).isEqualTo("efficientnet_lite3.untrained");
        assertThat(catalogue.get(untrained.name())).isEqualTo(untrained);
        assertThat(untrained.preprocessing().inputSizePixels()).isEqualTo(300);
        assertThat(untrained.parameters()).isEqualTo(8_197_096);
        assertThat(catalogue.find("efficientnet_lite3")).isEmpty();
        assertThat(catalogue.findTrainedOrNot("efficientnet_lite3.mine")).isEmpty();
        assertThat(catalogue.backbones()).doesNotContain(untrained);
    }

    @Test
    void growsByFilesOfWeights() {
        Preprocessing recipe =
                new Preprocessing(160, 0.9, Interpolation.BILINEAR, List.of(0.1, 0.2, 0.3), List.of(0.4, 0.5, 0.6));

        Catalogue grown = catalogue.with("tf_efficientnet_lite1.mine", recipe, DIGEST);

        Backbone mine = grown.get("tf_efficientnet_lite1.mine");
        assertThat(mine).isEqualTo(grown.backbones().getLast());
        assertThat(mine.sha256()).contains(DIGEST);
        assertThat(mine.preprocessing()).isEqualTo(recipe);
        assertThat(mine.featureDimension()).isEqualTo(1280);
        assertThat(mine.multiplyAdds())
                .isLessThan(grown.get("tf_efficientnet_lite1").multiplyAdds());
        assertThat(mine.source()).isEqualTo(Catalogue.IMPORTED);
        assertThatThrownBy(() -> catalogue.with("alexnet.mine", recipe, DIGEST))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsTheRecordOfAPublishedWeightSetWhoseFileIsThere() {
        Backbone published = catalogue.get("tf_efficientnet_lite1.in1k");

        Catalogue grown = catalogue.with(published.name(), published.preprocessing(), DIGEST);

        assertThat(grown.backbones()).hasSameSizeAs(catalogue.backbones());
        assertThat(grown.get(published.name())).isEqualTo(published.withSha256(DIGEST));
    }

    @Test
    void describesWeightsThatWereTuned() {
        Backbone published = catalogue.get("vgg16");
        Backbone.Tuned tuned =
                new Backbone.Tuned(List.of("birds@2", published.name()), TransferLayer.parse("block5_pool"));
        Preprocessing recipe = published.preprocessing().withInputSizePixels(96);

        Backbone described = catalogue.tuned("flowers@3", tuned, recipe, DIGEST);

        assertThat(described.name()).isEqualTo("flowers@3");
        assertThat(described.weightSet()).isEqualTo(published.name());
        assertThat(described.architecture()).isEqualTo("vgg16");
        assertThat(described.lineage()).containsExactly("flowers@3", "birds@2", published.name());
        assertThat(described.license()).isEqualTo(published.license());
        assertThat(described.sha256()).contains(DIGEST);
        assertThat(described.defaultLayer()).hasToString("block5_pool");
        assertThat(described.featureDimension()).isEqualTo(512 * 3 * 3);
        assertThat(described.network().inputSize()).isEqualTo(96);
        assertThat(described.withInputSize(160).lineage()).isEqualTo(described.lineage());
        assertThat(published.lineage()).containsExactly(published.name());
        assertThatThrownBy(() -> catalogue.tuned(
                        "flowers@3",
                        new Backbone.Tuned(List.of("alexnet.mine"), TransferLayer.parse("block5_pool")),
                        recipe,
                        DIGEST))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backbone.Tuned(List.of(), TransferLayer.parse("block5_pool")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesInputSizesTheNetworkCannotTake() {
        assertThat(catalogue.defaultBackbone().withInputSize(160).network().inputSize())
                .isEqualTo(160);
        assertThatThrownBy(() -> catalogue.defaultBackbone().withInputSize(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listsTheClassesOfImageNetInTheOrderOfTheOutputs() {
        List<ImageNetClass> classes = ImageNetClass.all();
        assertThat(classes).hasSize(1000);
        assertThat(classes).extracting(ImageNetClass::index).isSorted().doesNotHaveDuplicates();
        assertThat(classes.getFirst()).isEqualTo(new ImageNetClass(0, "n01440764", "tench, Tinca tinca"));
    }
}
