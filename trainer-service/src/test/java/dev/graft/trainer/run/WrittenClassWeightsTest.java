package dev.graft.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.trainer.head.ClassWeights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenClassWeightsTest {
    @Test
    void readsWeightsOfLabelsThatHoldWhatSeparatesThem() {
        assertThat(WrittenClassWeights.parse("rose=2,red, white=0.5,a=b=3").byLabel())
                .isEqualTo(Map.of("rose", 2.0, "red, white", 0.5, "a=b", 3.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "balanced", "ant=2.0,bee=0.5"})
    void givesBackWhatIsWritten(String written) {
        assertThat(WrittenClassWeights.parse(written)).hasToString(written);
    }

    @Test
    void classesThatAreNotNamedCountOne() {
        List<String> labels = List.of("ant", "bee", "wasp");
        assertThat(WrittenClassWeights.parse("bee=4").of(labels))
                .isEqualTo(new ClassWeights.Given(List.of(1.0, 4.0, 1.0)));
        assertThat(WrittenClassWeights.parse("none").of(labels)).isEqualTo(new ClassWeights.Equal());
        assertThat(WrittenClassWeights.parse("balanced").of(labels)).isEqualTo(new ClassWeights.Balanced());
    }

    /// As in a run whose every image of a class turned out to be unreadable.
    @Test
    void passesOverAClassThatIsNotLearned() {
        assertThat(WrittenClassWeights.parse("ant=2,wasp=5").of(List.of("ant", "bee")))
                .isEqualTo(new ClassWeights.Given(List.of(2.0, 1.0)));
    }

    @Test
    void composesLabels() {
        assertThat(WrittenClassWeights.parse("Ka\u0308fer=2").byLabel()).containsOnlyKeys("K\u00e4fer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "some        | not 'some'",
                "ant         | not 'ant'",
                "ant=        | not 'ant='",
                "ant=2,      | not 'ant=2,'",
                "=2          | not '=2'",
                "ant=2,bee   | not 'ant=2,bee'",
                "ant=1.2.3   | no number",
                "ant=0       | 0.001 to 1000.0",
                "ant=-1      | 0.001 to 1000.0",
                "ant=1e9     | 0.001 to 1000.0",
                "ant=2,ant=3 | two weights"
            })
    void saysWhatIsNotUnderstood(String written, String why) {
        assertThatThrownBy(() -> WrittenClassWeights.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void namesTheClassesThatThereAre() {
        WrittenClassWeights weights = WrittenClassWeights.parse("wasp=2");
        assertThatThrownBy(() -> weights.requireAmong(List.of("ant", "bee")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the dataset has no class wasp, but ant, bee");
    }
}
