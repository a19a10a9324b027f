package dev.graft.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MomentsTest {
    @Test
    void followFromTheSeed() {
        assertThat(moments(1)).isEqualTo(moments(1)).isNotEqualTo(moments(2));
    }

    @Test
    void lieAnywhereInTheTimeOfARun() {
        assertThat(moments(1))
                .allSatisfy(moment -> assertThat(moment).isBetween(0.0, 30.0))
                .anySatisfy(moment -> assertThat(moment).isLessThan(3))
                .anySatisfy(moment -> assertThat(moment).isGreaterThan(27));
    }

    @Test
    void lieInTheTimeThatARunTookLast() {
        Moments moments = new Moments(1, 30);
        moments.runTakes(3);

        assertThat(Stream.generate(moments::next).limit(100))
                .allSatisfy(moment -> assertThat(moment).isBetween(0.0, 3.0));
    }

    private static List<Double> moments(long seed) {
        return Stream.generate(new Moments(seed, 30)::next).limit(100).toList();
    }
}
