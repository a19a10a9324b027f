package dev.graft.networks;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void keepsTheHouseRules() {
        HouseRules.checkPlainLibrary("dev.graft.networks");
    }
}
