package dev.graft.trainer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadArchitectureTest {
    @ParameterizedTest
    @ValueSource(strings = {"linear", "sigmoid", "mlp:1024", "mlp:1024,512"})
    void readsWhatItWrites(String text) {
        assertThat(HeadArchitecture.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mlp", "mlp:", "mlp:0", "mlp:9000", "mlp:1,2,3,4,5", "mlp:a", "Linear", "linear "})
    void refusesWhatIsNoHead(String text) {
        assertThatThrownBy(() -> HeadArchitecture.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
