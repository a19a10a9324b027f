package dev.graft.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.graft.vision.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {
    private static final String CLASSIC =
            "rotation=180,width-shift=0.1,height-shift=0.1,shear=0.1,zoom=0.9..1.5,horizontal-flip,vertical-flip,"
                    + "brightness=0.8..1.2,contrast=0.8..1.2,saturation=0.8..1.2,crop=0.6..1,erase=0.25,fill=nearest";

    private static final Showing SHOWING =
            new Showing(7, 1, "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760");

    @Test
    void writesPresetsOut() {
        assertThat(Augmentation.parse("classic")).hasToString(CLASSIC);
        assertThat(Augmentation.parse("light"))
                .hasToString("rotation=10,width-shift=0.05,height-shift=0.05,horizontal-flip,fill=nearest");
        assertThat(Augmentation.parse("none")).hasToString("none").isEqualTo(Augmentation.NONE);
        assertThat(Augmentation.parse(CLASSIC)).isEqualTo(Augmentation.parse("classic"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vertical-flip,rotation=020.50|rotation=20.5,vertical-flip,fill=nearest",
                " zoom=0.1 , fill=reflect |zoom=0.9..1.1,fill=reflect",
                "zoom=0.9,fill=constant|zoom=0.1..1.9,fill=constant",
                "brightness=1|brightness=0..2",
                "brightness=0.2,fill=reflect|brightness=0.8..1.2",
                "cutmix=1.0,mixup=0.2|mixup=0.2,cutmix=1",
                "rotation=0,width-shift=-0,zoom=1..1,contrast=0,erase=0,mixup=0,fill=reflect|none",
                "crop=1..1|crop=1..1",
                "shear=0.000000000000001|shear=0.000000000000001,fill=nearest",
            })
    void hasACanonicalForm(String specification, String canonical) {
        assertThat(Augmentation.parse(specification)).hasToString(canonical);
        assertThat(Augmentation.parse(canonical)).isEqualTo(Augmentation.parse(specification));
    }

    @Test
    void readsBackWhatItWrites() {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            Augmentation drawn = Augmentation.parse(specification(random));

            Augmentation again = Augmentation.parse(drawn.toString());

            assertThat(again).isEqualTo(drawn).hasToString(drawn.toString()).hasSameHashCodeAs(drawn);
            assertThat(again.digest()).isEqualTo(drawn.digest());
            assertThat(again.variation(SHOWING, 60, 40)).isEqualTo(drawn.variation(SHOWING, 60, 40));
        }
    }

    @Test
    void hasADigestThatNeverChanges() {
        assertThat(Augmentation.parse("classic").digest())
                .isEqualTo("0cceb24c544b43c406e41049044bb7248d21909a967857210e940d42fb51e57f");
        assertThat(Augmentation.NONE.digest())
                .isEqualTo("ff8c7e80c2ba7af1249404cdf619230079ffc0b0815e08405efd95a5de06d524");
    }

    /// In some locales numbers are written with other digits.
    @Test
    void isTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(Augmentation.parse("classic")).hasToString(CLASSIC);
            hasADigestThatNeverChanges();
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rotation=200|rotation=200|0 to 180",
                "rotation=-1|rotation=-1|0 to 180",
                "rotation=NaN|rotation=NaN|0 to 180",
                "rotation=Infinity|rotation=Infinity|0 to 180",
                "rotation=1e1|rotation=1e1|0 to 180",
                "rotation=0x1p3|rotation=0x1p3|0 to 180",
                "rotation=٣|rotation=٣|0 to 180",
                "rotation=+1|rotation=+1|0 to 180",
                "rotation=.5|rotation=.5|0 to 180",
                "rotation=1=2|rotation=1=2|0 to 180",
                "rotation= 1|rotation= 1|0 to 180",
                "rotation=99999999999999999999|rotation=99999999999999999999|0 to 180",
                "rotation|rotation|0 to 180",
                "rotation=|rotation=|0 to 180",
                "rotation=1..2|rotation=1..2|0 to 180",
                "width-shift=1|width-shift=1|0 to 0.99",
                "height-shift=20|height-shift=20|0 to 0.99",
                "shear=90|shear=90|0 to 45",
                "zoom=0..1|zoom=0..1|0.1 to 10",
                "zoom=-0.1|zoom=-0.1|0.1 to 10",
                "zoom=1.5..0.9|zoom=1.5..0.9|0.1 to 10",
                "zoom=0.9..1.1..1.2|zoom=0.9..1.1..1.2|0.1 to 10",
                "zoom=0.9...1.1|zoom=0.9...1.1|0.1 to 10",
                "zoom=0.95|zoom=0.95|0.1 to 10",
                "brightness=0.8..11|brightness=0.8..11|0 to 10",
                "contrast=-1..1|contrast=-1..1|0 to 10",
                "saturation=a..b|saturation=a..b|0 to 10",
                "crop=0.6|crop=0.6|0.01 to 1",
                "crop=0..1|crop=0..1|0.01 to 1",
                "crop=0.5..1.01|crop=0.5..1.01|0.01 to 1",
                "erase=1.5|erase=1.5|0 to 1",
                "mixup=11|mixup=11|0 to 10",
                "cutmix=-0.5|cutmix=-0.5|0 to 10",
                "horizontal-flip=true|horizontal-flip=true|takes no value",
                "fill=wrap|fill=wrap|nearest, reflect, constant",
                "fill|fill|nearest, reflect, constant",
                "blur=3|blur|rotation, width-shift",
                "Rotation=3|Rotation|rotation, width-shift",
                "horizontal_flip|horizontal_flip|horizontal-flip",
            })
    void refusesWhatItDoesNotTake(String specification, String named, String taken) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse("vertical-flip," + specification))
                .withMessageContainingAll("\"" + named + "\"", taken)
                .satisfies(e -> assertThat(e.getMessage()).endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rotation=1,rotation=1", "vertical-flip,shear=1,vertical-flip", "fill=nearest,fill=reflect"})
    void refusesKeysThatAreGivenTwice(String specification) {
        String key = specification.split("[,=]", 2)[0];

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse(specification))
                .withMessage("An augmentation gives " + key + " twice.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", ",", "rotation=1,", ",rotation=1", "rotation=1,,shear=1"})
    void refusesGaps(String specification) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse(specification))
                .withMessageContainingAll("commas", "rotation", "classic");
    }

    @Test
    void saysThatPresetsStandAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse("classic,mixup=0.2"))
                .withMessageContaining("The preset classic stands alone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse("mixup=0.2,none"))
                .withMessageContaining("The preset none stands alone");
    }

    @Test
    void refusesLongTextsWithoutRepeatingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse("x".repeat(10_000)))
                .withMessage("An augmentation has at most 500 characters, not 10000.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse("rotation=" + "9".repeat(400)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.parse("\u001b[2J\n\"" + "y".repeat(400)))
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(400)
                        .matches("[^\\p{Cntrl}]*")
                        .contains("?[2J?"));
    }

    @Test
    void saysWhatItIs() {
        assertThat(Augmentation.NONE.isNone()).isTrue();
        assertThat(Augmentation.parse("rotation=0").isNone()).isTrue();
        assertThat(Augmentation.parse("classic").isNone()).isFalse();
        assertThat(Augmentation.parse("classic").isCropped()).isTrue();
        assertThat(Augmentation.parse("light").isCropped()).isFalse();
        assertThat(Augmentation.parse("light").isMixed()).isFalse();
        assertThat(Augmentation.parse("mixup=0.2").isMixed()).isTrue();
        assertThat(Augmentation.parse("cutmix=1").isMixed()).isTrue();
    }

    /// What a program in another language gave, which knew the documentation alone.
    @Test
    void drawsTheValuesOfTheDocumentation() {
        Variation drawn = Augmentation.parse("classic").variation(SHOWING, 224, 224);

        // Equal but for the decimals that the other program left out.
        assertThat(drawn.affine().rotationDegrees()).isCloseTo(-154.3755351850139, within(1e-12));
        assertThat(drawn.affine().shiftColumns()).isCloseTo(21.390892561279617, within(1e-13));
        assertThat(drawn.affine().shiftRows()).isCloseTo(5.698186575255993, within(1e-13));
        assertThat(drawn.affine().shearDegrees()).isCloseTo(0.03846270023263795, within(1e-15));
        assertThat(drawn.affine().zoomColumns()).isCloseTo(1.2259661435986247, within(1e-15));
        assertThat(drawn.affine().zoomRows()).isCloseTo(0.9398000945952714, within(1e-15));
        assertThat(drawn.mirror()).isEqualTo(new Mirror(true, true));
        assertThat(drawn.brightness()).isCloseTo(0.9872910104999723, within(1e-15));
        assertThat(drawn.contrast()).isCloseTo(0.8821762737980807, within(1e-15));
        assertThat(drawn.saturation()).isCloseTo(1.0011703814021347, within(1e-15));
        assertThat(drawn.erased()).isEmpty();
        assertThat(Augmentation.parse("erase=0.25")
                        .variation(epoch(6), 224, 224)
                        .erased())
                .contains(new Region(22, 104, 197, 81));
        assertThat(List.of(crop(1), crop(2), crop(3)))
                .containsExactly(
                        new Region(112, 1, 388, 322), new Region(68, 2, 323, 370), new Region(92, 4, 312, 370));
    }

    private static Showing epoch(long epoch) {
        return new Showing(SHOWING.seed(), epoch, SHOWING.imageId());
    }

    private static Region crop(long epoch) {
        return Augmentation.parse("classic").crop(epoch(epoch)).orElseThrow().of(500, 375);
    }

    /// Adding a key changes no other draw.
    @Test
    void drawsEachValueForItself() {
        Variation alone = Augmentation.parse("rotation=180").variation(SHOWING, 50, 50);
        Variation among = Augmentation.parse("classic").variation(SHOWING, 50, 50);

        assertThat(among.affine().rotationDegrees()).isEqualTo(alone.affine().rotationDegrees());
    }

    private static String specification(Random random) {
        List<String> items = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (random.nextInt(3) == 0) {
                items.add(item(setting, random));
            }
        }
        if (random.nextBoolean()) {
            items.add("fill=" + Fill.values()[random.nextInt(3)].wireName());
        }
        return items.isEmpty() ? "none" : String.join(",", items);
    }

    private static String item(Setting setting, Random random) {
        return switch (setting) {
            case HORIZONTAL_FLIP, VERTICAL_FLIP -> setting.key;
            case ROTATION, SHEAR -> setting.key + "=" + decimals(45 * random.nextDouble(), random);
            case WIDTH_SHIFT, HEIGHT_SHIFT, ERASE, MIXUP, CUTMIX ->
                setting.key + "=" + decimals(0.9 * random.nextDouble(), random);
            case ZOOM, BRIGHTNESS, CONTRAST, SATURATION, CROP ->
                setting.key + "=" + decimals(0.1 + 0.4 * random.nextDouble(), random) + ".."
                        + decimals(0.6 + 0.4 * random.nextDouble(), random);
        };
    }

    private static String decimals(double value, Random random) {
        return String.format(Locale.ROOT, "%." + (1 + random.nextInt(15)) + "f", value);
    }
}
