package dev.graft.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ObjectStoreExceptionTest {
    @Test
    void saysThatAStoreIsAwayThatDoesNotAnswerOrRefuses() {
        assertThat(ObjectStoreException.isAway(new ObjectStoreUnavailableException("it hangs", null)))
                .isTrue();
        assertThat(ObjectStoreException.isAway(
                        new IllegalStateException(new ObjectStoreRefusedException("the key is unknown", null))))
                .isTrue();
    }

    @Test
    void saysNoSuchThingOfFaultsThatConcernOneObject() {
        assertThat(ObjectStoreException.isAway(new ObjectNotFoundException("a")))
                .isFalse();
        assertThat(ObjectStoreException.isAway(new ObjectTooLargeException("a", 1)))
                .isFalse();
        assertThat(ObjectStoreException.isAway(new ObjectRangeException("a", 0, 1)))
                .isFalse();
        assertThat(ObjectStoreException.isAway(new IllegalStateException(new IOException("damaged"))))
                .isFalse();
    }
}
