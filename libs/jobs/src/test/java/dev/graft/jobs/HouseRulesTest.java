package dev.graft.jobs;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void holdInThisModule() {
        HouseRules.checkEveryModule("dev.graft.jobs");
    }
}
