package dev.graft.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/// How long something takes on a machine that others use, too, and that may stand still for a while.
public final class Latency {
    private Latency() {}

    /// Tries several times. A pause of the machine spoils one try, not the middle one; what takes too long by itself
    /// takes it every time.
    ///
    /// @param tries how often, an odd number
    /// @param took does it once and says how long that took
    /// @return the median
    public static Duration median(int tries, Callable<Duration> took) throws Exception {
        List<Duration> all = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            all.add(took.call());
        }
        Collections.sort(all);
        return all.get(tries / 2);
    }
}
