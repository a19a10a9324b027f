package dev.graft.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DatasetNamesTest {
    @Test
    void areMadeOfFolderNames() {
        assertThat(DatasetNames.of(Path.of("/a/My Pictures (2)"))).isEqualTo("my-pictures-2-");
        assertThat(DatasetNames.of(Path.of("x/../oxford-flowers12"))).isEqualTo("oxford-flowers12");
        assertThat(DatasetNames.of(Path.of("éé"))).isEqualTo("dataset");
    }
}
