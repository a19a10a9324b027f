package dev.graft.events;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void holdInThisModule() {
        HouseRules.checkEveryModule("dev.graft.events");
    }
}
