package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class Sha256Test {
    // FIPS 180-2, appendix B.1.
    private static final byte[] MESSAGE = "abc".getBytes(StandardCharsets.US_ASCII);
    private static final String EXPECTED = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void givesTheStandardsExampleOfBytesStreamsAndDigests() throws IOException {
        MessageDigest digest = Sha256.digest();
        digest.update(MESSAGE);

        assertThat(Sha256.of(MESSAGE)).isEqualTo(EXPECTED);
        assertThat(Sha256.of(new ByteArrayInputStream(MESSAGE))).isEqualTo(EXPECTED);
        assertThat(Sha256.hex(digest)).isEqualTo(EXPECTED);
    }

    @Test
    void readsStreamsLongerThanItsBuffer() throws IOException {
        byte[] many = new byte[1_000_000];

        assertThat(Sha256.of(new ByteArrayInputStream(many))).isEqualTo(Sha256.of(many));
    }
}
