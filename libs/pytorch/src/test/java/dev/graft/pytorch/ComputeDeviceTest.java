package dev.graft.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeDeviceTest {
    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda:0", "cuda:12"})
    void isWrittenAsItIsRead(String written) {
        assertThat(ComputeDevice.parse(written)).hasToString(written);
    }

    @Test
    void isADeviceOfDjl() {
        assertThat(ComputeDevice.parse("CUDA:1").inDjl()).isEqualTo(Device.gpu(1));
        assertThat(ComputeDevice.parse("cpu").inDjl()).isEqualTo(Device.cpu());
        assertThat(ComputeDevice.parse("auto").inDjl()).isEqualTo(Device.cpu());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cuda", "cuda:", "cuda:-1", "cuda:1000"})
    void refusesWhatIsNoDevice(String written) {
        assertThatThrownBy(() -> ComputeDevice.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write auto, cpu or cuda:N");
    }
}
