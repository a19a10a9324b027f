package dev.graft.trainer;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void keepsTheRulesOfTheHouse() {
        HouseRules.checkEveryModule("dev.graft.trainer");
    }
}
