package dev.graft.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.stack.ActionableException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorTest {
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9000, http://127.0.0.1:9000/timm/a%20b?download=x%26y",
        "HTTPS://mirror.example/, HTTPS://mirror.example/timm/a%20b?download=x%26y",
        "https://mirror.example/hub//, https://mirror.example/hub/timm/a%20b?download=x%26y"
    })
    void keepsPathAndQueryAsTheyAreWritten(String mirror, URI expected) {
        URI published = URI.create("https://hub.example/timm/a%20b?download=x%26y");
        assertThat(Mirror.parse(mirror).addressOf(published)).isEqualTo(expected);
    }

    @Test
    void needsNoQuery() {
        assertThat(Mirror.parse("http://mirror").addressOf(URI.create("https://hub.example/file")))
                .isEqualTo(URI.create("http://mirror/file"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://mirror", "file:///mirror", "mirror", "mirror:80", "http:///a", "http://a b", "http://a?b"
            })
    void refusesWhatIsNoSiteThatSpeaksHttp(String written) {
        assertThatThrownBy(() -> Mirror.parse(written)).isInstanceOfSatisfying(ActionableException.class, refused -> {
            assertThat(refused.problem()).contains("'" + written + "'");
            assertThat(refused.remedy()).contains("https://HOST");
        });
    }
}
