package dev.graft.predict.prediction;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.problem.ProblemException;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    @Test
    void admitsAsManyRequestsAsAreAllowed() {
        Admission admission = new Admission(2, 100);
        Admission.Ticket first = admission.admit(1);
        admission.admit(1);

        assertThatThrownBy(() -> admission.admit(1)).isInstanceOf(ProblemException.class);
        first.close();
        assertThatCode(() -> admission.admit(1)).doesNotThrowAnyException();
    }

    @Test
    void admitsAsManyBytesAsAreAllowed() {
        Admission admission = new Admission(10, 100);
        Admission.Ticket first = admission.admit(60);

        assertThatThrownBy(() -> admission.admit(41)).isInstanceOf(ProblemException.class);
        admission.admit(40);
        first.close();
        assertThatCode(() -> admission.admit(60)).doesNotThrowAnyException();
    }

    @Test
    void admitsARequestLargerThanAllTheRoomAlone() {
        Admission admission = new Admission(10, 100);
        Admission.Ticket large = admission.admit(1_000);

        assertThatThrownBy(() -> admission.admit(1)).isInstanceOf(ProblemException.class);
        large.close();
        assertThatCode(() -> admission.admit(1)).doesNotThrowAnyException();
    }
}
