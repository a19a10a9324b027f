package dev.graft.weightstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.Arithmetic;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.Extractor;
import dev.graft.networks.network.Network;
import dev.graft.networks.network.TransferLayer;
import dev.graft.networks.quantisation.ActivationRanges;
import dev.graft.networks.quantisation.Range;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRangesTest {
    private static final Backbone BUNDLED = Catalogue.standard().defaultBackbone();

    private final ObjectStore objects = new InMemoryObjectStore();

    @TempDir
    private Path directory;

    private WeightStore store;

    @BeforeEach
    void open() {
        store = new WeightStore(objects, directory.resolve("cache"));
    }

    private WeightStore another() {
        return new WeightStore(objects, directory.resolve("another"));
    }

    /// Registers the file of the bundled weights with another recipe.
    private Backbone mine() throws IOException {
        Path file = new BundledWeights(directory)
                .file(BUNDLED.name(), BUNDLED.sha256().orElseThrow());
        try (InputStream bytes = Files.newInputStream(file)) {
            return store.register("tf_efficientnet_lite0.mine", "resnet50.a1_in1k", bytes, Files.size(file));
        }
    }

    @Test
    void keepsTheRangesOfAFileByItsRecipe() throws IOException {
        Backbone mine = mine();
        ActivationRanges bundled = store.ranges(BUNDLED).orElseThrow();
        assertThat(mine.sha256()).isEqualTo(BUNDLED.sha256());
        assertThat(store.ranges(mine)).isEmpty();

        store.putRanges(ranges(mine));

        assertThat(another().ranges(mine)).contains(ranges(mine));
        assertThat(another().ranges(mine.withInputSize(160))).contains(ranges(mine));
        assertThat(another().ranges(BUNDLED)).contains(bundled);

        store.putRanges(ranges(BUNDLED));

        assertThat(another().ranges(BUNDLED.withInputSize(160))).contains(ranges(BUNDLED));
        assertThat(another().ranges(mine)).contains(ranges(mine));
    }

    @Test
    void keepsTheRangesOfAnExtractorWhenOthersAreMade() throws IOException {
        Backbone mine = mine();
        ActivationRanges first = ranges(mine);
        ActivationRanges second = ranges(mine, 21);
        Extractor before = extractor(mine, first);
        store.putRanges(first);
        store.keepRanges(before, first);
        store.keepRanges(before, first);

        store.putRanges(second);

        assertThat(another().ranges(mine)).contains(second);
        assertThat(another().rangesOf(mine, before.layer(), before.digest())).contains(first);
        String after = extractor(mine, second).digest();
        assertThat(another().rangesOf(mine, before.layer(), after)).contains(second);
        assertThat(another().rangesOf(mine.withInputSize(160), before.layer(), after))
                .isEmpty();
        assertThatThrownBy(() -> store.keepRanges(before, second)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void findsTheBundledRangesOfAnExtractorWhenOthersAreMade() {
        Extractor before = extractor(BUNDLED, store.ranges(BUNDLED).orElseThrow());

        store.putRanges(ranges(BUNDLED));

        assertThat(another().rangesOf(BUNDLED, before.layer(), before.digest()))
                .map(ActivationRanges::digest)
                .map(Arithmetic.Int8::new)
                .contains((Arithmetic.Int8) before.precision());
    }

    private static Extractor extractor(Backbone backbone, ActivationRanges ranges) {
        return backbone.extractor(
                backbone.sha256().orElseThrow(), backbone.defaultLayer(), new Arithmetic.Int8(ranges.digest()));
    }

    @Test
    void saysHowRangesAreMade() throws IOException {
        Backbone mine = mine();
        Network network = mine.network().upTo(mine.defaultLayer());

        assertThatThrownBy(() -> store.rangesFor(mine, network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("./graft weights quantize tf_efficientnet_lite0.mine");
    }

    @Test
    void saysThatARangeIsOfTheLayerAfterTheActivation() {
        Backbone bundled = store.defaultBackbone();
        Network network = bundled.network().upTo(new TransferLayer("conv_stem", true));

        assertThatThrownBy(() -> store.rangesFor(bundled, network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("conv_stem")
                .hasMessageContaining("the layer after its activation");
    }

    /// Its first convolution alone could be computed so.
    @Test
    void refusesEveryLayerOfANetworkThatIsNotComputedInEightBits() {
        Backbone smooth = Catalogue.standard().get("convnext_tiny");
        Network network = smooth.network().upTo(new TransferLayer("stem.0", false));

        assertThatThrownBy(() -> store.rangesFor(smooth, network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not computed in int8");
    }

    private static ActivationRanges ranges(Backbone backbone) {
        return ranges(backbone, 20);
    }

    private static ActivationRanges ranges(Backbone backbone, int images) {
        SequencedMap<String, Range> values = new LinkedHashMap<>(Map.of("images", new Range(-1, 1)));
        return new ActivationRanges(
                backbone.name(),
                backbone.sha256().orElseThrow(),
                backbone.preprocessing().digest(),
                "some pictures",
                images,
                "all numbers lie within",
                values);
    }
}
