package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void takesWhatTheStandardAllows() {
        assertThat(TraceContext.parse(PARENT, null)).contains(new TraceContext(PARENT, null));
        assertThat(TraceContext.parse(PARENT, "a=b")).contains(new TraceContext(PARENT, "a=b"));
        assertThat(TraceContext.parse(PARENT, "x".repeat(513))).contains(new TraceContext(PARENT, null));
        assertThat(TraceContext.parse(null, "a=b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-1-1-00",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
            })
    void passesOverWhatIsNone(String traceParent) {
        assertThat(TraceContext.parse(traceParent, null)).isEmpty();
    }
}
