package dev.graft.pytorch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
    private record Pair(int before, int after) {}

    private record Place(int place, int contender) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void everybodyComesEquallyOftenInEveryPlaceAndAfterEveryOther(int contenders) {
        List<List<Integer>> rounds = Turns.orders(contenders);

        Map<Pair, Integer> pairs = new HashMap<>();
        Map<Place, Integer> places = new HashMap<>();
        for (List<Integer> round : rounds) {
            assertThat(round)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, contenders).boxed().toList());
            for (int i = 0; i < contenders; i++) {
                places.merge(new Place(i, round.get(i)), 1, Integer::sum);
                if (i > 0) {
                    pairs.merge(new Pair(round.get(i - 1), round.get(i)), 1, Integer::sum);
                }
            }
        }
        assertThat(rounds).hasSizeGreaterThanOrEqualTo(5);
        assertThat(pairs).hasSize(contenders * (contenders - 1));
        assertThat(new HashSet<>(pairs.values())).hasSizeLessThanOrEqualTo(1);
        assertThat(places).hasSize(contenders * contenders);
        assertThat(new HashSet<>(places.values())).hasSize(1);
    }
}
