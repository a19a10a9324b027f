package dev.graft.threads;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void holdInThisModule() {
        HouseRules.checkEveryModule("dev.graft.threads");
    }
}
