package dev.graft.networks.quantisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.onnx.BackboneExport;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivationRangesTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    @Test
    void haveATextThatGivesThemBack() {
        ActivationRanges ranges = ranges();
        assertThat(ActivationRanges.parse(ranges.toText())).isEqualTo(ranges);
        assertThat(ranges.toText()).isEqualTo("""
                        int8 ranges\t1
                        backbone\tnet.tag
                        weights\t%1$s
                        preprocessing\t%1$s
                        source\tsome pictures
                        pictures\t20
                        rule\tall numbers lie within
                        tensor\tminimum\tmaximum
                        conv.act\t0.0\t6.0
                        join\t-1.5\t2.25
                        """.formatted(DIGEST));
        assertThat(ranges.digest()).isEqualTo("885082c96b6287f353165a3bd598e6206ed8eed581399d47608491129b3ecd50");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    int8 ranges\\t1   | int8 ranges\\t2        | line 1 of the int8 ranges: version 2 is not known
                    weights\\t        | heights\\t             | line 3 of the int8 ranges: 'weights' and its content are wanted
                    pictures\\t20     | pictures\\tmany        | many is no number of pictures
                    pictures\\t20     | pictures\\t0           | ranges of 2 values in 0 pictures
                    0123456789abcdef  | xyz                    | is not a SHA-256
                    conv.act\\t0.0    | conv.act\\tNaN         | line 9 of the int8 ranges: NaN to 6.0 is no range
                    conv.act\\t0.0    | conv.act\\t7.0         | line 9 of the int8 ranges: 7.0 to 6.0 is no range
                    conv.act\\t0.0    | conv.act\\tzero        | line 9 of the int8 ranges: zero to 6.0 is no range
                    join\\t-1.5       | conv.act\\t-1.5        | line 10 of the int8 ranges: conv.act stands there twice
                    join\\t-1.5\\t    | join\\t                | line 10 of the int8 ranges: a tensor, its minimum
                    """)
    void refuseATextThatIsNotTheirs(String there, String instead, String reason) {
        String text = ranges().toText().replace(tabs(there), tabs(instead));
        assertThatThrownBy(() -> ActivationRanges.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refuseWhatIsNoTextOfTheirsAtAll() {
        assertThatThrownBy(() -> ActivationRanges.parse("")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> ActivationRanges.parse("x".repeat(ActivationRanges.MAX_CHARACTERS + 1)))
                .hasMessageContaining("too long");
    }

    @Test
    void sayWhichRangeIsMissing() {
        assertThatThrownBy(() -> ranges().of("pool")).hasMessage("the int8 ranges of net.tag have none for pool");
    }

    @Test
    void comeWithTheLibraryForTheBundledWeights() {
        Backbone backbone = Catalogue.standard().defaultBackbone();
        ActivationRanges bundled = BundledRanges.find(
                        backbone.name(), backbone.sha256().orElseThrow())
                .orElseThrow();
        assertThat(bundled.preprocessingDigest())
                .isEqualTo(backbone.preprocessing().digest());
        assertThat(bundled.values().keySet())
                .containsExactlyElementsOf(
                        BackboneExport.eightBitValues(backbone.network().upTo(backbone.defaultLayer())));
        assertThat(BundledRanges.find(backbone.name(), DIGEST)).isEmpty();
        assertThat(BundledRanges.find("no_such.net", DIGEST)).isEmpty();
    }

    private static ActivationRanges ranges() {
        SequencedMap<String, Range> values = new LinkedHashMap<>();
        values.put("conv.act", new Range(0, 6));
        values.put("join", new Range(-1.5f, 2.25f));
        return new ActivationRanges("net.tag", DIGEST, DIGEST, "some pictures", 20, "all numbers lie within", values);
    }

    private static String tabs(String escaped) {
        return escaped.replace("\\t", "\t");
    }
}
