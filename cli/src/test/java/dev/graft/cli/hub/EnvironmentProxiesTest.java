package dev.graft.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.stack.ActionableException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTest {
    private static String chosen(Map<String, String> environment, String address) {
        Proxy proxy =
                new EnvironmentProxies(environment).select(URI.create(address)).getFirst();
        return proxy.address() instanceof InetSocketAddress socket
                ? socket.getHostString() + ":" + socket.getPort()
                : "none";
    }

    @Test
    void choosesByTheSchemeOfTheAddress() {
        Map<String, String> environment =
                Map.of("HTTP_PROXY", "plain.example:3128", "https_proxy", "http://me:secret@sealed.example:8443/");
        assertThat(chosen(environment, "http://hub.example/file")).isEqualTo("plain.example:3128");
        assertThat(chosen(environment, "https://hub.example/file")).isEqualTo("sealed.example:8443");
    }

    @Test
    void preferSmallLettersAndTheSchemesOwnVariable() {
        Map<String, String> environment =
                Map.of("https_proxy", "small.example", "HTTPS_PROXY", "large.example", "ALL_PROXY", "any.example:1");
        assertThat(chosen(environment, "https://hub.example")).isEqualTo("small.example:80");
        assertThat(chosen(environment, "http://hub.example")).isEqualTo("any.example:1");
    }

    @Test
    void namesNoProxyWithoutVariables() {
        assertThat(new EnvironmentProxies(Map.of("HTTPS_PROXY", " ")).isPresent())
                .isFalse();
        assertThat(chosen(Map.of(), "https://hub.example")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example, https://hub.example/a, none",
        "hub.example, https://cdn.hub.example/a, none",
        ".example, https://hub.example/a, none",
        "*.example, https://hub.example/a, none",
        "'other.example, hub.example:443', https://hub.example/a, none",
        "hub.example:8443, https://hub.example/a, proxy.example:3128",
        "ub.example, https://hub.example/a, proxy.example:3128",
        "10.0.0.7, https://10.0.0.7/a, none",
        "*, https://hub.example/a, none",
        "'', https://localhost/a, none",
        "'', https://127.0.0.1:9/a, none",
        "'', https://[::1]/a, none",
        "'', https://hub.example/a, proxy.example:3128"
    })
    void leavesOutWhatIsExempt(String exempt, String address, String expected) {
        assertThat(chosen(Map.of("HTTPS_PROXY", "proxy.example:3128", "NO_PROXY", exempt), address))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://proxy.example:1080", "https://proxy.example", "http://", "a b", "http://:80"})
    void refusesWhatItCannotGoThrough(String value) {
        assertThatThrownBy(() -> new EnvironmentProxies(Map.of("HTTPS_PROXY", value)))
                .isInstanceOf(ActionableException.class)
                .hasMessageContaining("HTTPS_PROXY");
    }

    @Test
    void introducesItselfOnlyWithANameThatIsWritten() {
        assertThat(new EnvironmentProxies(Map.of("HTTPS_PROXY", "proxy.example")).credentials())
                .isEmpty();
        assertThat(new EnvironmentProxies(Map.of("HTTPS_PROXY", "http://me:secret@proxy.example")).credentials())
                .isPresent();
    }
}
