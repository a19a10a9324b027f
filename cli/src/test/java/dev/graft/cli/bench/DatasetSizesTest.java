package dev.graft.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetSizesTest {
    @Test
    void readsSizes() {
        assertThat(DatasetSizes.parse("100, 1000,1000000").images()).containsExactly(100, 1_000, 1_000_000);
        assertThat(DatasetSizes.parse("5000").images()).containsExactly(5_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "many|'many' is not a number of images",
                "\"\"|'' is not a number of images",
                "100,|'' is not a number of images",
                "1e3|'1e3' is not a number of images",
                "99999999999|'99999999999' is not a number of images",
                "99|a dataset here has 100 to 1,000,000 images, not 99",
                "-100|a dataset here has 100 to 1,000,000 images, not -100",
                "100,1000001|a dataset here has 100 to 1,000,000 images, not 1,000,001",
                "100,100|sizes ascend, and 100 comes after 100",
                "1000,100|sizes ascend, and 100 comes after 1000"
            })
    void refusesWhatIsNoSize(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatasetSizes.parse(text))
                .withMessage(reason);
    }
}
