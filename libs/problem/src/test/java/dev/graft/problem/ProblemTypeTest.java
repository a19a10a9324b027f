package dev.graft.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {

    @ParameterizedTest
    @EnumSource
    void isCompleteAndStable(ProblemType type) {
        assertThat(type.uri().toString()).matches("https://graft\\.dev/problems/[a-z0-9]+(-[a-z0-9]+)*");
        assertThat(type.title()).isNotBlank().doesNotEndWith(".");
        assertThat(type.status()).isBetween(400, 599);
        assertThat(type.kind() == ProblemType.Kind.RETRYABLE).isEqualTo(type.status() >= 500 || type.status() == 408);
    }

    @Test
    void readsBackTheProblemThatAnotherServiceTold() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        Problem sent = Problem.of(ProblemType.DATASET_NOT_FOUND, "There is no dataset flowers.", "/dataset");

        Problem received = mapper.readValue(mapper.writeValueAsBytes(sent), Problem.class);

        assertThat(received).isEqualTo(sent);
        assertThat(received.is(ProblemType.DATASET_NOT_FOUND)).isTrue();
        assertThat(new ProblemException(received).problem()).isEqualTo(sent);
    }
}
