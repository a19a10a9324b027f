package dev.graft.ingest;

import dev.graft.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {

    @Test
    void keepsTheRulesOfEveryModule() {
        HouseRules.checkEveryModule("dev.graft.ingest");
    }
}
