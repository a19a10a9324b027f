package dev.graft.networks.weights;

import java.util.regex.Pattern;

/// Says that weights cannot be used, and which rule they break. Trying again does not help.
public final class MalformedWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Names come from untrusted files: what a message repeats of them stays short and on one line.
    private static final int DETAIL_CHARACTERS_MAX = 1000;

    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}");

    private final Malformation malformation;

    /// Makes an exception whose message says what is wrong, and ends with the name of the rule in brackets.
    ///
    /// @param malformation the rule
    /// @param detail what was found, for a person; the message shortens it to 1,000 characters and replaces those
    ///     that are not printed
    public MalformedWeightsException(Malformation malformation, String detail) {
        super(printable(detail) + " (" + malformation + ")");
        this.malformation = malformation;
    }

    private static String printable(String detail) {
        String shortened =
                detail.length() > DETAIL_CHARACTERS_MAX ? detail.substring(0, DETAIL_CHARACTERS_MAX) + "…" : detail;
        return CONTROL_CHARACTERS.matcher(shortened).replaceAll("�");
    }

    /// Returns the rule that is broken.
    public Malformation malformation() {
        return malformation;
    }
}
