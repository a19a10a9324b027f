package dev.graft.cli.hub;

import dev.graft.stack.ActionableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Says to a user what keeps a file from coming.
///
/// @param source  of the file
/// @param proxies the proxies that are chosen from, if any were set
record DownloadFaults(URI source, Optional<ProxySelector> proxies) {
    private static final String GO_ON = "Run the command again: it goes on from there.";

    ActionableException unreachable(IOException e) {
        boolean unknown = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .anyMatch(UnresolvedAddressException.class::isInstance);
        return new ActionableException(
                "%s cannot be reached%s: %s"
                        .formatted(source.getAuthority(), through(), unknown ? "a name is not known." : "no answer."),
                "Check the connection and HTTPS_PROXY, or name a mirror (--hub URL); without one, fetch " + source
                        + " elsewhere and import the file.",
                e);
    }

    ActionableException untrusted(IOException e) {
        return new ActionableException(
                "%s%s cannot prove who it is: %s.".formatted(source.getAuthority(), through(), e.getMessage()),
                "Name a mirror (--hub URL), or fetch " + source + " elsewhere and import the file.",
                e);
    }

    /// Says why an answer is none; a status that may pass is no fault of the user's.
    ///
    /// @throws CutConnectionException when it may pass
    ActionableException status(int status) throws CutConnectionException {
        if (status >= 500 || status == 408 || status == 429) {
            throw new CutConnectionException(new IOException("the server answered " + status));
        }
        if (status == 407) {
            return new ActionableException(
                    source.getAuthority() + " is not reached" + through() + ": it wants a name and a password.",
                    "Write them into HTTPS_PROXY: http://NAME:PASSWORD@HOST:PORT.");
        }
        String reason = switch (status) {
            case 404, 410 -> "there is no such file.";
            case 401, 403 -> "access is refused.";
            default ->
                status / 100 == 3
                        ? "it leads to another address that is not followed (%d).".formatted(status)
                        : "the server answered %d.".formatted(status);
        };
        return new ActionableException(source + ": " + reason, "Fetch the file in another way, and import it.");
    }

    ActionableException tooLarge(long maxSizeBytes) {
        return new ActionableException(
                "%s: this is not the published file: it has more than %,d bytes.".formatted(source, maxSizeBytes),
                "Name another mirror (--hub URL), or fetch the file in another way, and import it.");
    }

    ActionableException silent(Duration silence, long arrivedBytes, CutConnectionException e) {
        return new ActionableException(
                "%s has sent nothing for %d s; %,d bytes are kept."
                        .formatted(source.getAuthority(), silence.toSeconds(), arrivedBytes),
                GO_ON,
                e);
    }

    ActionableException cut(long arrivedBytes, CutConnectionException e) {
        return new ActionableException(
                "Fetching from %s failed again and again: %s; %,d bytes are kept."
                        .formatted(source.getAuthority(), e.reason(), arrivedBytes),
                GO_ON,
                e);
    }

    static ActionableException interrupted(InterruptedException e) {
        return new ActionableException("Interrupted.", GO_ON, e);
    }

    private String through() {
        return proxies.stream()
                .flatMap(selector -> selector.select(source).stream())
                .filter(proxy -> proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress)
                .map(proxy -> (InetSocketAddress) proxy.address())
                .map(address -> " through the proxy %s:%d".formatted(address.getHostString(), address.getPort()))
                .findFirst()
                .orElse("");
    }
}
