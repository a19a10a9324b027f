package dev.graft.cli;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HouseRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"dev.graft.cli", "dev.graft.stack"})
    void keepsTheHouseRules(String packageName) {
        HouseRules.checkPlainLibrary(packageName);
    }
}
