package dev.graft.networks.quantisation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightBitsTest {
    @ParameterizedTest
    @CsvSource({
        "amd64, fpu avx2 avx512f avx512_vnni, EIGHT",
        "x86_64, fpu avx2 avx_vnni, EIGHT",
        "amd64, fpu avx2 avx512f avx512bw, SEVEN",
        "amd64, fpu avx512_vnni_not, SEVEN",
        "aarch64, '', EIGHT",
        "riscv64, '', SEVEN"
    })
    void followFromWhatTheProcessorsCan(String architecture, String flags, WeightBits expected) {
        String processors = "processor\t: 0\nflags\t\t: %s\nbugs\t: avx512_vnni\n".formatted(flags);
        assertThat(WeightBits.of(architecture, processors)).isEqualTo(expected);
    }

    @Test
    void areFewerWhereOneProcessorSaturatesOrNothingIsKnown() {
        assertThat(WeightBits.of("amd64", "flags : avx_vnni\nflags : avx2\n")).isEqualTo(WeightBits.SEVEN);
        assertThat(WeightBits.of("amd64", "")).isEqualTo(WeightBits.SEVEN);
    }

    @Test
    void neverLetTheSumOfTwoProductsOverflowSixteenBitsWhenTheyAreSeven() {
        assertThat(2 * 255 * WeightBits.SEVEN.greatest()).isLessThanOrEqualTo(Short.MAX_VALUE);
    }
}
