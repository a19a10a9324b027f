package dev.graft.networks.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.architecture.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is below and above the steps at which networks are cut. That both parts compute what the whole computes
/// is tested where there are engines.
class CutTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/graft/networks/network/cuts.tsv");

    private final Network network = Architectures.named("tf_efficientnet_lite0");

    /// Each line: architecture, stage that is trained, where the network is cut, shape of what crosses. Cached
    /// embeddings are named by these cuts, so the lines are never edited.
    @Test
    void cutsEveryNetworkBelowEachStageAsTheTableSays() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : Architectures.names()) {
            Network whole = Architectures.named(name);
            for (String stage : whole.stages()) {
                List<Node> trained = whole.select(stage);
                if (learned(whole, trained)) {
                    Optional<String> cut = whole.cut(trained);
                    lines.add(String.join(
                            "\t",
                            name,
                            stage,
                            cut.orElse("input"),
                            cut.map(step -> whole.shape(step).toString()).orElse("")));
                }
            }
        }
        assertThat(lines).containsExactlyElementsOf(Files.readAllLines(GOLDEN));
    }

    @Test
    void bothPartsTogetherHaveTheStepsAndTheParametersOfTheWhole() {
        for (String name : Architectures.names()) {
            Network whole = Architectures.named(name);
            for (String stage : whole.stages()) {
                String cut = whole.cut(whole.select(stage)).orElse("input");
                Network lower = whole.upToNode(cut);
                Network upper = whole.from(cut);
                List<String> steps = new ArrayList<>(names(lower));
                steps.addAll(names(upper).subList(1, upper.nodes().size()));
                assertThat(steps).as(name + " at " + cut).containsExactlyElementsOf(names(whole));
                List<ParameterSpec> parameters = new ArrayList<>(lower.parameters());
                parameters.addAll(upper.parameters());
                assertThat(parameters).as(name + " at " + cut).isEqualTo(whole.parameters());
                assertThat(upper.inputShape()).isEqualTo(lower.outputShape());
                assertThat(upper.outputShape()).isEqualTo(whole.outputShape());
            }
        }
    }

    @Test
    void cutsRightBelowTheLowestStepThatIsTrained() {
        assertThat(network.cut(network.select("classifier"))).contains("global_pool");
        assertThat(network.cut(network.select("bn2"))).contains("conv_head");
        List<Node> both = new ArrayList<>(network.select("classifier"));
        both.addAll(network.select("blocks.5"));
        assertThat(network.cut(both)).isEqualTo(network.cut(network.select("blocks.5")));
    }

    /// The third block of the stage adds its input, so that two results go into its inside.
    @Test
    void cutsBelowABlockWhoseInsideIsTrained() {
        assertThat(network.cut(network.select("blocks.3.2.conv_pwl"))).contains("blocks.3.1.add");
        assertThat(network.cut(network.select("blocks.3.0.conv_pwl"))).contains("blocks.3.0.bn2.act");
        Network convnext = Architectures.named("convnext_tiny");
        assertThat(convnext.cut(convnext.select("stages.3.blocks.1.gamma"))).contains("stages.3.blocks.0.add");
    }

    @Test
    void cutsAboveEverythingWhenNothingIsTrained() {
        assertThat(network.cut(List.of())).contains("classifier");
        assertThat(network.cut(network.select("global_pool"))).contains("classifier");
        Network upper = network.from("classifier");
        assertThat(upper.nodes()).hasSize(1);
        assertThat(upper.outputShape()).isEqualTo(Shape.of(1000));
    }

    @Test
    void findsNoCutWhenOnlyTheInputIsLeftBelow() {
        assertThat(network.cut(network.nodes())).isEmpty();
        assertThat(network.from("input")).isEqualTo(network);
    }

    @Test
    void partsAreCutAgain() {
        Network part = network.upTo(TransferLayer.parse("blocks.4:pooled"));
        Network middle = part.from("blocks.2.1.add");
        assertThat(middle.nodes())
                .isEqualTo(network.from("blocks.2.1.add")
                        .upTo(TransferLayer.parse("blocks.4:pooled"))
                        .nodes());
        assertThat(middle.inputShape()).isEqualTo(Shape.of(40, 28, 28));
        assertThat(middle.inputSize()).isEqualTo(224);
        assertThat(middle.outputShape()).isEqualTo(Shape.of(112));
    }

    @Test
    void namesTheStepsAtBothEndsOfWhatCrossesACut() {
        assertThatThrownBy(() -> network.from("blocks.3.2.bn1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tf_efficientnet_lite0 cannot be cut at blocks.3.2.bn1: "
                        + "blocks.3.2.add takes the result of blocks.3.1.add as well");
        assertThatThrownBy(() -> network.from("blocks.9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blocks.9");
    }

    @Test
    void refusesAStepOnWhichTheResultDoesNotDepend() {
        NetworkBuilder builder = new NetworkBuilder("net", 8).conv("aside", 4, Window.square(1));
        builder.resumeAt("input").conv("result", 4, Window.square(1));
        assertThatThrownBy(() -> builder.build("result", "result").from("aside"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not depend on it");
    }

    @Test
    void anUpperPartTakesNoImages() {
        Network upper = network.from("blocks.2.1.add");
        assertThat(upper.takesImages()).isFalse();
        assertThat(network.takesImages()).isTrue();
        assertThat(network.withInputSize(96).takesImages()).isTrue();
        assertThatThrownBy(() -> upper.withInputSize(96))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("40x28x28");
    }

    private static boolean learned(Network whole, List<Node> nodes) {
        return whole.steps().stream().anyMatch(step -> nodes.contains(step.node()) && step.parameterCount() > 0);
    }

    private static List<String> names(Network part) {
        return part.nodes().stream().map(Node::name).toList();
    }
}
