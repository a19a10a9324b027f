package dev.graft.cli.hub;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Chooses proxies by the variables that command line programs commonly honour: `HTTPS_PROXY`, `HTTP_PROXY`,
/// `ALL_PROXY` and `NO_PROXY`, in small letters too, which come first. This machine itself is never asked through a
/// proxy. Safe for many threads.
final class EnvironmentProxies extends ProxySelector {
    private static final int DEFAULT_PORT = 80;

    private final Map<String, URI> byScheme = new HashMap<>();
    private final List<String> exempt;

    /// @throws ActionableException when what a variable says is no proxy that can be used
    EnvironmentProxies(Map<String, String> environment) {
        for (String scheme : List.of("https", "http")) {
            Stream.of(scheme + "_proxy", "all_proxy")
                    .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
                    .filter(name -> !environment.getOrDefault(name, "").isBlank())
                    .findFirst()
                    .ifPresent(name -> byScheme.put(scheme, parsed(name, environment.getOrDefault(name, ""))));
        }
        String listed = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        exempt = List.of(listed.toLowerCase(Locale.ROOT).strip().split("[,\\s]+"));
    }

    /// Returns whether any proxy is named.
    boolean isPresent() {
        return !byScheme.isEmpty();
    }

    @Override
    public List<Proxy> select(URI address) {
        URI proxy = byScheme.get(String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT));
        String host = address.getHost();
        return List.of(
                proxy == null || host == null || isExempt(host.toLowerCase(Locale.ROOT), port(address))
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port(proxy))));
    }

    /// Gives what answers a proxy that wants to know who asks; nothing when no name is known.
    Optional<Authenticator> credentials() {
        return byScheme.values().stream().allMatch(proxy -> proxy.getRawUserInfo() == null)
                ? Optional.empty()
                : Optional.of(new Authenticator() {
                    @Override
                    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                        return getRequestorType() == RequestorType.PROXY ? credentials(getRequestingHost()) : null;
                    }
                });
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException e) {
        // There is no other proxy to turn to; the caller gets the fault itself.
    }

    private @Nullable PasswordAuthentication credentials(String proxyHost) {
        return byScheme.values().stream()
                .filter(proxy -> proxy.getHost().equalsIgnoreCase(proxyHost) && proxy.getRawUserInfo() != null)
                .map(proxy -> proxy.getRawUserInfo().split(":", 2))
                .map(parts -> new PasswordAuthentication(
                        decoded(parts[0]),
                        parts.length < 2 ? new char[0] : decoded(parts[1]).toCharArray()))
                .findFirst()
                .orElse(null);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static URI parsed(String variable, String value) {
        try {
            URI proxy = URI.create(value.contains("://") ? value.strip() : "http://" + value.strip());
            if (proxy.getHost() != null && "http".equalsIgnoreCase(proxy.getScheme())) {
                return proxy;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new ActionableException(
                variable + " names no proxy that can be used.",
                "Write http://HOST:PORT or http://NAME:PASSWORD@HOST:PORT.");
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : DEFAULT_PORT;
    }

    private boolean isExempt(String host, int port) {
        return host.equals("localhost")
                || host.startsWith("127.")
                || host.equals("[::1]")
                || exempt.stream().anyMatch(entry -> matches(entry, host, port));
    }

    /// Returns whether an entry of `NO_PROXY` means a host: by its name or address, or as one below the domain
    /// that it names, in every case with the port if it gives one.
    private static boolean matches(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        int colon = entry.lastIndexOf(':');
        boolean ported = colon > 0 && !entry.endsWith("]") && entry.indexOf(':') == colon;
        if (ported && !entry.substring(colon + 1).equals(Integer.toString(port))) {
            return false;
        }
        String domain = (ported ? entry.substring(0, colon) : entry).replaceFirst("^\\*?\\.", "");
        return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
    }
}
