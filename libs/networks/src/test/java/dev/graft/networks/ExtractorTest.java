package dev.graft.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.network.TransferLayer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The texts and digests here are the keys of stored embeddings: they are never edited.
class ExtractorTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final Backbone BACKBONE = Catalogue.standard().defaultBackbone();

    @Test
    void hasACanonicalTextThatNeverChanges() {
        Extractor extractor =
                new Extractor("net.tag", DIGEST, TransferLayer.parse("blocks.4:pooled"), DIGEST, Arithmetic.F32);
        assertThat(extractor.canonical())
                .isEqualTo("extractor 1\nbackbone net.tag\nweights " + DIGEST
                        + "\nlayer blocks.4:pooled\npreprocessing " + DIGEST + "\nprecision f32\n");
        assertThat(extractor.digest()).isEqualTo("2d72719369a92e97e57b2a6b8084026e84ebff88ee60fae3cec15a13e9506662");
    }

    @Test
    void ofTheDefaultBackboneNeverChanges() {
        assertThat(extractor(BACKBONE).digest())
                .isEqualTo("cbca192210d4e0c35652d53da292a93c0691bf359333320b7cb50bfb373d5b74");
    }

    @Test
    void isTheSameUnderEveryNameOfItsLayer() {
        Backbone vgg = Catalogue.standard().get("vgg16");
        String canonical = "89a5b63dd0ec1e76113ceb5691c3724e21856c0f487e284c3c6bd14e6593c176";
        assertThat(Stream.of("block5_pool", "block5", "Block5_Pool", "block5*")
                        .map(TransferLayer::parse)
                        .map(layer ->
                                vgg.extractor(DIGEST, layer, Arithmetic.F32).digest()))
                .containsOnly(canonical);
        assertThat(vgg.extractor(DIGEST, TransferLayer.parse("block5:pooled"), Arithmetic.F32)
                        .digest())
                .isNotEqualTo(canonical);
    }

    @Test
    void differsWithEveryPart() {
        Extractor plain = extractor(BACKBONE);
        assertThat(extractor(BACKBONE.withInputSize(160)).digest()).isNotEqualTo(plain.digest());
        assertThat(BACKBONE.extractor(DIGEST, BACKBONE.defaultLayer(), Arithmetic.F32)
                        .digest())
                .isNotEqualTo(plain.digest());
        assertThat(new Extractor(
                                plain.backbone(),
                                plain.weightsSha256(),
                                plain.layer(),
                                plain.preprocessingDigest(),
                                new Arithmetic.Int8(DIGEST))
                        .digest())
                .isNotEqualTo(plain.digest());
    }

    /// What a version was tuned to has one identity, whatever the version is called.
    @Test
    void ofTunedWeightsNamesTheWeightSetThatTheyWereBefore() {
        Extractor published = extractor(BACKBONE);
        Extractor first = extractor(tuned("flowers@3", List.of(BACKBONE.name()), DIGEST));
        Extractor second = extractor(tuned("roses@1", List.of("flowers@3", BACKBONE.name()), DIGEST));

        assertThat(first).isEqualTo(second).isNotEqualTo(published);
        assertThat(first.backbone()).isEqualTo(BACKBONE.name());
        assertThat(extractor(tuned(
                        "flowers@4", List.of(BACKBONE.name()), BACKBONE.sha256().orElseThrow())))
                .isEqualTo(published);
    }

    private static Backbone tuned(String name, List<String> from, String sha256) {
        return Catalogue.standard()
                .tuned(
                        name,
                        new Backbone.Tuned(from, TransferLayer.parse("global_pool")),
                        BACKBONE.preprocessing(),
                        sha256);
    }

    @Test
    void precisionsHaveAWrittenForm() {
        assertThat(Arithmetic.parse("f32")).isEqualTo(Arithmetic.F32).hasToString("f32");
        assertThat(Arithmetic.parse("int8:" + DIGEST))
                .isEqualTo(new Arithmetic.Int8(DIGEST))
                .hasToString("int8:" + DIGEST);
        assertThatThrownBy(() -> Arithmetic.parse("int8")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Arithmetic.parse("f16")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNamesAndDigestsThatCouldBlurTheText() {
        TransferLayer layer = TransferLayer.parse("a");
        assertThatThrownBy(() -> new Extractor("a\nb.c", DIGEST, layer, DIGEST, Arithmetic.F32))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Extractor("a.b", "ABC", layer, DIGEST, Arithmetic.F32))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Extractor extractor(Backbone backbone) {
        return backbone.extractor(backbone.sha256().orElseThrow(), backbone.defaultLayer(), Arithmetic.F32);
    }
}
