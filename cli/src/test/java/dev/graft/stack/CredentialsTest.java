package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    Path temporary;

    @Test
    void keepsWhatItDrewForItsOwnerAlone() throws Exception {
        DataDirectory data = DataDirectory.at(temporary);

        Credentials drawn = Credentials.of(data);

        assertThat(Credentials.of(data)).isEqualTo(drawn);
        assertThat(Files.getPosixFilePermissions(data.credentials()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(drawn.secretKey()).hasSize(48).isNotEqualTo(drawn.accessKey());
    }

    @Test
    void drawsOthersForAnotherDataDirectory() throws Exception {
        Credentials one = Credentials.of(DataDirectory.at(Files.createDirectory(temporary.resolve("one"))));
        Credentials two = Credentials.of(DataDirectory.at(Files.createDirectory(temporary.resolve("two"))));

        assertThat(one.secretKey()).isNotEqualTo(two.secretKey());
    }

    @Test
    void addsThePasswordOfTheDatabaseToAFileOfAnEarlierVersion() throws Exception {
        DataDirectory data = DataDirectory.at(temporary);
        Files.writeString(data.credentials(), "{\"accessKey\":\"a\",\"secretKey\":\"s\"}");

        Credentials completed = Credentials.of(data);

        assertThat(completed.accessKey()).isEqualTo("a");
        assertThat(completed.secretKey()).isEqualTo("s");
        assertThat(completed.databasePassword()).hasSize(48);
        assertThat(Credentials.of(data)).isEqualTo(completed);
        assertThat(Files.getPosixFilePermissions(data.credentials()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void doesNotPrintSecrets() throws Exception {
        Credentials drawn = Credentials.of(DataDirectory.at(temporary));

        assertThat(drawn.toString()).doesNotContain(drawn.secretKey());
    }
}
