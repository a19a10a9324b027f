package dev.graft.backbones.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 8})
    void nobodyAlwaysComesAfterTheSameOther(int contenders) {
        List<List<Integer>> rounds = Turns.orders(contenders);

        Map<Integer, Set<Integer>> before = new HashMap<>();
        List<Integer> turns = rounds.stream().flatMap(List::stream).toList();
        for (int i = 1; i < turns.size(); i++) {
            before.computeIfAbsent(turns.get(i), _ -> new HashSet<>()).add(turns.get(i - 1));
        }
        assertThat(rounds)
                .allSatisfy(round -> assertThat(round)
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, contenders).boxed().toList()));
        assertThat(before.values()).allSatisfy(others -> assertThat(others).hasSizeGreaterThan(1));
    }
}
