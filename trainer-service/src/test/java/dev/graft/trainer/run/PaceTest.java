package dev.graft.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.trainer.run.Pace.Rate;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private long nanos;
    private final Pace pace = new Pace(() -> nanos);

    @Test
    void saysHowFastAPhaseIsAndHowLongItTakes() {
        assertThat(pace.at(Phase.FINE_TUNING, 100, 1100)).isEmpty();
        pass(10);
        assertThat(pace.at(Phase.FINE_TUNING, 600, 1100)).contains(new Rate(50.0, 10));
        pass(10);
        assertThat(pace.at(Phase.FINE_TUNING, 1100, 1100)).isEmpty();
    }

    @Test
    void judgesByTheLastMinute() {
        assertThat(pace.at(Phase.FINE_TUNING, 0, 10_000)).isEmpty();
        pass(40);
        assertThat(pace.at(Phase.FINE_TUNING, 4000, 10_000)).contains(new Rate(100.0, 60));
        pass(40);
        assertThat(pace.at(Phase.FINE_TUNING, 4400, 10_000)).contains(new Rate(10.0, 560));
    }

    /// What is counted while a head is trained is not images. A run that another attempt has taken over begins anew.
    @Test
    void countsEachPhaseAnew() {
        assertThat(pace.at(Phase.EMBEDDING, 0, 100)).isEmpty();
        pass(10);
        assertThat(pace.at(Phase.TRAINING, 1, 100)).isEmpty();
        pass(10);
        assertThat(pace.at(Phase.TRAINING, 2, 100)).contains(new Rate(null, 980));
        assertThat(pace.at(Phase.TRAINING, 0, 100)).isEmpty();
    }

    @Test
    void saysNothingWhereNothingHasMoved() {
        assertThat(pace.at(Phase.EMBEDDING, 5, 100)).isEmpty();
        pass(60);
        assertThat(pace.at(Phase.EMBEDDING, 5, 100)).isEmpty();
    }

    private void pass(int seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
    }
}
