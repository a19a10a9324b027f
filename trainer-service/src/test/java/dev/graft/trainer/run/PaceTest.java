package dev.graft.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.contracts.TrainingProgressed.Phase;
import dev.graft.trainer.head.Advance;
import dev.graft.trainer.run.Pace.Rate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private long nanos;
    private final Pace pace = new Pace(() -> nanos);

    @Test
    void saysHowFastAPhaseIsAndHowLongItTakes() {
        assertThat(at(Phase.EMBEDDING, 100, 1100)).isEmpty();
        pass(10);
        assertThat(at(Phase.EMBEDDING, 600, 1100)).contains(new Rate(50.0, 10.0));
        pass(10);
        assertThat(at(Phase.EMBEDDING, 1100, 1100)).isEmpty();
    }

    /// After two minutes of another speed, what was before counts e⁻⁴, less than a fiftieth.
    @Test
    void forgetsWhatLiesBack() {
        assertThat(at(Phase.EMBEDDING, 0, 100_000)).isEmpty();
        pass(60);
        assertThat(at(Phase.EMBEDDING, 6000, 100_000)).contains(new Rate(100.0, 940.0));
        Optional<Rate> rate = Optional.empty();
        for (int i = 1; i <= 12; i++) {
            pass(10);
            rate = at(Phase.EMBEDDING, 6000 + 100 * i, 100_000);
        }
        assertThat(rate.orElseThrow().imagesPerSecond()).isCloseTo(10, within(3.0));
    }

    /// Through the frozen part images pass ten times as fast as through the one that is trained.
    @Test
    void knowsWhatIsFaster() {
        assertThat(pace.at(Phase.FINE_TUNING, Advance.ofFrozen(0, 4000, 2000))).isEmpty();
        pass(10);
        assertThat(pace.at(Phase.FINE_TUNING, Advance.ofFrozen(1000, 4000, 1000)))
                .contains(new Rate(100.0, null));
        pass(100);
        assertThat(pace.at(Phase.FINE_TUNING, new Advance(2000, 4000, 1000, 0.5, null, 1, 7)))
                .contains(new Rate(10.0, 110.0));
    }

    /// What is counted while a head is trained is not images. A run that another attempt has taken over begins anew.
    @Test
    void countsEachPhaseAnew() {
        assertThat(at(Phase.EMBEDDING, 0, 100)).isEmpty();
        pass(10);
        assertThat(at(Phase.TRAINING, 1, 100)).isEmpty();
        pass(10);
        assertThat(at(Phase.TRAINING, 2, 100)).contains(new Rate(null, 980.0));
        assertThat(at(Phase.TRAINING, 0, 100)).isEmpty();
    }

    @Test
    void saysNothingWhereNothingHasMoved() {
        assertThat(at(Phase.EMBEDDING, 5, 100)).isEmpty();
        pass(60);
        assertThat(at(Phase.EMBEDDING, 5, 100)).isEmpty();
    }

    private Optional<Rate> at(Phase phase, long done, long total) {
        return pace.at(phase, Advance.of(done, total));
    }

    private void pass(int seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
    }
}
