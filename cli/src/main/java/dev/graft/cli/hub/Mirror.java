package dev.graft.cli.hub;

import dev.graft.stack.ActionableException;
import java.net.URI;

/// A site that publishes the files of others under the paths that they have there.
///
/// @param root what its addresses begin with
public record Mirror(URI root) {
    /// Checks the address.
    ///
    /// @throws ActionableException when it is none of a site that speaks HTTP
    public Mirror {
        boolean http = "http".equalsIgnoreCase(root.getScheme()) || "https".equalsIgnoreCase(root.getScheme());
        if (!http || root.getHost() == null || root.getRawQuery() != null || root.getRawFragment() != null) {
            throw refused(root.toString());
        }
    }

    /// Reads an address as somebody has written it.
    ///
    /// @throws ActionableException when it is none of a site that speaks HTTP
    public static Mirror parse(String written) {
        try {
            return new Mirror(URI.create(written.strip()));
        } catch (IllegalArgumentException e) {
            throw refused(written);
        }
    }

    /// Gives where this site has a file: scheme, host and port are its own.
    public URI addressOf(URI published) {
        String query = published.getRawQuery() == null ? "" : "?" + published.getRawQuery();
        return URI.create(root.toString().replaceAll("/+$", "") + published.getRawPath() + query);
    }

    private static ActionableException refused(String written) {
        return new ActionableException(
                "'" + written + "' is no address of a mirror.", "Write http://HOST or https://HOST.");
    }
}
