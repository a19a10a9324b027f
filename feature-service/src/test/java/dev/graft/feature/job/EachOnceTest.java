package dev.graft.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EachOnceTest {
    private static final List<String> IDS =
            IntStream.range(0, 1_000).mapToObj(EachOnceTest::id).toList();

    private int readings;

    /// Proves that nothing but the last image is kept of a sorted list: no part of it is read a second time.
    @Test
    void findsTheImagesOfASortedListWithoutKeepingThem() {
        List<String> sorted = Stream.concat(IDS.stream(), IDS.stream()).sorted().toList();

        assertThat(found(sorted))
                .containsExactlyElementsOf(IDS.stream().sorted().toList());
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void findsEachImageOfAnUnsortedListOnceAndInItsOrder() {
        List<String> unsorted = Stream.of(IDS.stream().sorted(), IDS.stream(), IDS.stream())
                .flatMap(ids -> ids)
                .toList();

        assertThat(found(IDS)).containsExactlyElementsOf(IDS);
        assertThat(readings).isEqualTo(2);
        assertThat(found(unsorted)).containsExactlyElementsOf(new LinkedHashSet<>(unsorted));
        assertThat(readings).isEqualTo(4);
    }

    @Test
    void findsTheIdOfZerosOnce() {
        String zeros = "0".repeat(64);

        assertThat(found(List.of(zeros, zeros, IDS.getFirst(), zeros))).containsExactly(zeros, IDS.getFirst());
    }

    private List<String> found(List<String> list) {
        Consumer<Consumer<String>> reading = imageIds -> {
            readings++;
            list.forEach(imageIds);
        };
        EachOnce once = new EachOnce(reading);
        Stream.Builder<String> found = Stream.builder();
        reading.accept(imageId -> {
            if (once.isNew(imageId)) {
                found.add(imageId);
            }
        });
        return found.build().toList();
    }

    private static String id(int i) {
        return Sha256.of(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
    }
}
