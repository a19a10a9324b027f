package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void makesTheFolderAndThoseAboveIt() {
        DataDirectory data =
                DataDirectory.at(temporary.resolve("a folder/below")).create();

        assertThat(data.logs()).isDirectory();
    }

    @Test
    void isTheSameThroughALink() throws Exception {
        Path real = Files.createDirectory(temporary.resolve("real"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), real);

        assertThat(DataDirectory.at(link)).isEqualTo(DataDirectory.at(real));
        assertThat(DataDirectory.at(link).create()).isEqualTo(DataDirectory.at(real));
    }

    @Test
    void saysThatAFileIsInTheWay() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.at(file).create())
                .isInstanceOfSatisfying(ActionableException.class, refused -> {
                    assertThat(refused.problem()).contains(file.toString()).contains("there is a file of that name");
                    assertThat(refused.remedy()).contains("--data-dir");
                });
    }

    @Test
    void refusesADiskWithoutRoomAndSaysHowMuchIsNeeded() {
        DataDirectory data = DataDirectory.at(temporary.resolve("full"));

        assertThatThrownBy(() -> data.create(Long.MAX_VALUE))
                .isInstanceOfSatisfying(ActionableException.class, refused -> {
                    assertThat(refused.problem())
                            .contains("The disk of " + data.root() + " is full")
                            .contains((Long.MAX_VALUE >> 20) + " MiB are needed");
                    assertThat(refused.remedy()).contains("--data-dir");
                });
    }

    @Test
    void saysThatItCannotWriteThere() {
        assertThatThrownBy(() -> DataDirectory.at(Path.of("/proc/graft")).create())
                .isInstanceOfSatisfying(
                        ActionableException.class,
                        refused -> assertThat(refused.problem())
                                .isEqualTo(
                                        "The data directory /proc/graft cannot be used: no folder can be made there."));
    }
}
