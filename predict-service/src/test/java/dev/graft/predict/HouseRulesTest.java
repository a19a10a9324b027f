package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void holdInThisModule() {
        HouseRules.checkEveryModule("dev.graft.predict");
    }

    /// What serves is small: without PyTorch, whose libraries are larger than all the rest.
    @Test
    void runWithoutPyTorchOnTheClassPath() {
        assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> Class.forName("ai.djl.engine.Engine"));
    }
}
