package dev.graft.trainer.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes HTML. Text is escaped, markup is passed on.
final class Html {
    private final StringBuilder html = new StringBuilder(1 << 16);

    /// Adds markup.
    Html raw(String markup) {
        html.append(markup);
        return this;
    }

    /// Adds text.
    Html text(String text) {
        html.append(escape(text));
        return this;
    }

    /// Adds an element that holds text.
    Html element(String tag, String text) {
        return raw("<" + tag + ">").text(text).raw("</" + tag.split(" ", 2)[0] + ">");
    }

    /// Adds a row of a table of facts.
    Html fact(String name, String value) {
        return raw("<tr>")
                .element("th scope=\"row\"", name)
                .element("td", value)
                .raw("</tr>");
    }

    /// Adds such a row for a long identifier.
    Html digest(String name, String value) {
        return raw("<tr>")
                .element("th scope=\"row\"", name)
                .raw("<td>")
                .element("code", value)
                .raw("</td></tr>");
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    static String percent(@Nullable Double share) {
        return share == null ? "–" : String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3f", value);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
