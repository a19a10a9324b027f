package dev.graft.networks.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The wire forms are those of the encoding guide of protocol buffers.
class ProtobufMessageTest {
    @Test
    void writesIntegersAsVarints() throws IOException {
        assertThat(hex(new ProtobufMessage().integer(1, 150))).isEqualTo("089601");
        assertThat(hex(new ProtobufMessage().integer(1, 0))).isEqualTo("0800");
        assertThat(hex(new ProtobufMessage().integer(1, -2))).isEqualTo("08feffffffffffffffff01");
        assertThat(hex(new ProtobufMessage().integer(16, 127))).isEqualTo("80017f");
    }

    @Test
    void writesTextsMessagesAndReals() throws IOException {
        assertThat(hex(new ProtobufMessage().text(2, "testing"))).isEqualTo("120774657374696e67");
        assertThat(hex(new ProtobufMessage().nested(3, new ProtobufMessage().integer(1, 150))))
                .isEqualTo("1a03089601");
        assertThat(hex(new ProtobufMessage().real(2, 1))).isEqualTo("150000803f");
    }

    @Test
    void refusesContentOfAnotherSizeThanDeclared() {
        ProtobufMessage message = new ProtobufMessage().bytes(1, 3, () -> MemorySegment.ofArray(new byte[2]));
        assertThat(message.sizeBytes()).isEqualTo(5);
        assertThatThrownBy(() -> hex(message)).isInstanceOf(IllegalStateException.class);
    }

    private static String hex(ProtobufMessage message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        message.writeTo(Channels.newChannel(bytes));
        assertThat(message.sizeBytes()).isEqualTo(bytes.size());
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
