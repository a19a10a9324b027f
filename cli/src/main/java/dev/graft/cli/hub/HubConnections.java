package dev.graft.cli.hub;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/// Connects with sites on the internet, through a proxy where the user has set one: in Java's own properties, or
/// else in the environment.
public final class HubConnections {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    /// Names the ways to prove who asks that are withheld from proxies behind which connections are encrypted: by
    /// default that of a name and a password (java.base, `conf/net.properties`).
    private static final String WITHHELD = "jdk.http.auth.tunneling.disabledSchemes";

    private HubConnections() {}

    /// Lets a name and a password that the user has written into the address of a proxy be sent to it. Java reads this
    /// once, so it is to be called before the first connection of the process.
    public static void allowProxyPasswords() {
        if (System.getProperty(WITHHELD) == null) {
            System.setProperty(WITHHELD, "");
        }
    }

    /// Makes a client. The caller closes it.
    ///
    /// @param environment where proxies are looked for
    public static HttpClient client(Map<String, String> environment) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                // One large file is no faster over HTTP/2, whose windows a slow reader must keep open.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_PATIENCE);
        EnvironmentProxies proxies = new EnvironmentProxies(environment);
        boolean byProperties = Stream.of("http.proxyHost", "https.proxyHost", "java.net.useSystemProxies")
                .anyMatch(name -> System.getProperty(name) != null);
        if (proxies.isPresent() && !byProperties) {
            builder.proxy(proxies);
            proxies.credentials().ifPresent(builder::authenticator);
        } else if (byProperties) {
            builder.proxy(ProxySelector.getDefault());
        }
        return builder.build();
    }
}
