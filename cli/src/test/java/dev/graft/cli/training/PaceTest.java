package dev.graft.cli.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private long nanos;
    private final Pace pace = new Pace(() -> nanos);

    @Test
    void saysHowFastAPhaseIsAndHowLongItTakes() {
        assertThat(pace.words("FINE_TUNING", 100, 1100)).isEmpty();
        pass(10);
        assertThat(pace.words("FINE_TUNING", 600, 1100)).isEqualTo("50.0 pictures/s, 10 s left");
        pass(10);
        assertThat(pace.words("FINE_TUNING", 1100, 1100)).isEmpty();
    }

    @Test
    void judgesByTheLastMinute() {
        assertThat(pace.words("FINE_TUNING", 0, 10_000)).isEmpty();
        pass(40);
        assertThat(pace.words("FINE_TUNING", 4000, 10_000)).startsWith("100.0 pictures/s");
        pass(40);
        assertThat(pace.words("FINE_TUNING", 4400, 10_000)).isEqualTo("10.0 pictures/s, 9 min left");
    }

    /// A run that another attempt has taken over begins anew.
    @Test
    void countsEachPhaseAnew() {
        assertThat(pace.words("EMBEDDING", 0, 100)).isEmpty();
        pass(10);
        assertThat(pace.words("TRAINING", 1, 100)).isEmpty();
        pass(10);
        assertThat(pace.words("TRAINING", 2, 100)).isEqualTo("16 min left");
        assertThat(pace.words("TRAINING", 0, 100)).isEmpty();
    }

    @Test
    void saysNothingWhereNothingHasMoved() {
        assertThat(pace.words("EMBEDDING", 5, 100)).isEmpty();
        pass(60);
        assertThat(pace.words("EMBEDDING", 5, 100)).isEmpty();
    }

    private void pass(int seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
    }
}
