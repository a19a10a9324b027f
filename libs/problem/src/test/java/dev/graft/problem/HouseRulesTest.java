package dev.graft.problem;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void hold() {
        HouseRules.checkEveryModule("dev.graft.problem");
    }
}
