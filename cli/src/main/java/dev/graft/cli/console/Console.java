package dev.graft.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;

/// Prints results and progress.
///
/// @param out             takes results
/// @param err             takes progress and errors
/// @param json            results are one JSON document instead of text
/// @param terminalColumns the width of the terminal behind `err`; 0 when it is none
public record Console(PrintStream out, PrintStream err, boolean json, int terminalColumns) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Prints a result: the document with `--json`, otherwise the text.
    public void result(Object document, Runnable text) {
        if (json) {
            out.println(toJson(document));
        } else {
            text.run();
        }
        out.flush();
    }

    /// Prints a line of a text result; nothing with `--json`.
    public void say(String format, Object... arguments) {
        if (!json) {
            out.println(format.formatted(arguments));
        }
    }

    /// Prints a remark beside the result.
    public void remark(String text) {
        err.println(text);
    }

    /// Begins to show the progress of something.
    public Progress progress(String label) {
        return terminalColumns > 0
                ? new Progress.Bar(err, label, terminalColumns)
                : new Progress.Lines(err, label, System::nanoTime);
    }

    private static String toJson(Object document) {
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result cannot be written as JSON", e);
        }
    }
}
