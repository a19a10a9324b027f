package dev.graft.cli.console;

import java.util.Locale;

/// Says fractions in per cent.
public final class Fractions {
    private Fractions() {}

    /// Gives a fraction of 1 in per cent, for example `98.2 %`.
    public static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }
}
