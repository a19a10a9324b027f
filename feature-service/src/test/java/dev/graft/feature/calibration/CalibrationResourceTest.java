package dev.graft.feature.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.networks.inference.InferenceException;
import dev.graft.objectstore.ObjectNotFoundException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CalibrationResourceTest {
    @Test
    void distinguishesFaultsOfTheNetworkFromThoseOfFiles() {
        assertThat(CalibrationResource.reason(new IllegalArgumentException("none of the pictures can be used")))
                .isEqualTo("none of the pictures can be used");
        assertThat(CalibrationResource.reason(new InferenceException("ONNX Runtime failed", new IOException())))
                .startsWith("the network could not be computed");
        assertThat(CalibrationResource.reason(new IOException("disk full"))).isEqualTo("the weights could not be read");
        assertThat(CalibrationResource.reason(new ObjectNotFoundException("weights/a")))
                .isEqualTo("pictures or weights could not be read");
    }

    @Test
    void hasASentenceForFaultsThatSayNothing() {
        assertThat(CalibrationResource.reason(new IllegalArgumentException()))
                .startsWith("something went wrong inside");
        assertThat(CalibrationResource.reason(new IllegalStateException())).startsWith("something went wrong inside");
    }
}
