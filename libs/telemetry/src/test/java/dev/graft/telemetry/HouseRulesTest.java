package dev.graft.telemetry;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void keepsTheRulesOfTheHouse() {
        HouseRules.checkEveryModule("dev.graft.telemetry");
    }
}
