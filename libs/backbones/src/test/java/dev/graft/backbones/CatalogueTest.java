package dev.graft.backbones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.backbones.network.Network;
import dev.graft.backbones.network.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private final Catalogue catalogue = Catalogue.standard();

    @Test
    void saysOfEveryBackboneWhatItsNetworkSays() {
        assertThat(catalogue.backbones()).isNotEmpty().allSatisfy(backbone -> {
            Network network = backbone.network();
            assertThat(backbone.parameters()).isEqualTo(network.parameterCount());
            assertThat(backbone.multiplyAdds()).isEqualTo(network.multiplyAdds());
            assertThat(network.upTo(backbone.defaultLayer()).outputShape())
                    .isEqualTo(Shape.of(backbone.featureDimension()));
        });
    }

    @Test
    void findsBackbonesByNameAndByArchitecture() {
        Backbone backbone = catalogue.defaultBackbone();
        assertThat(backbone.name()).isEqualTo("tf_efficientnet_lite0.in1k");
        assertThat(catalogue.get("tf_efficientnet_lite0")).isEqualTo(backbone);
        assertThat(catalogue.find("tf_efficientnet_lite0.in1k")).contains(backbone);
        assertThatThrownBy(() -> catalogue.get("alexnet"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(backbone.name());
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
