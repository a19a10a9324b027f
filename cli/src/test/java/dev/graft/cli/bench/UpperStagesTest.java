package dev.graft.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.Catalogue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpperStagesTest {
    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0.in1k, 'blocks.5, blocks.6, conv_head'",
        "resnet50.tv_in1k, layer4",
        "mobilenetv1_100.ra4_e3600_r224_in1k, 'blocks.3, blocks.4'"
    })
    void areTheLastThatHoldHalfOfTheParameters(String backbone, String stages) {
        assertThat(UpperStages.of(Catalogue.standard().get(backbone))).containsExactly(stages.split(", "));
    }
}
