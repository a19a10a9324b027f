package dev.graft.cli;

import dev.graft.cli.rest.ReportedProblemException;
import dev.graft.cli.session.FieldOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Says what a service reported in the words of the command that was given: `learningRate` of a request's body is
/// `--learning-rate` here, and `/dataset` is DATASET.
///
/// @param command whose options and parameters the words are
/// @param others of options that have other names than fields
record OptionWords(CommandSpec command, FieldOptions others) {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /// A name of a field that can be no word of a sentence, perhaps behind that of the field around it, and is no
    /// part of anything longer.
    private static final Pattern FIELD =
            Pattern.compile("(?<![\\w/.'=-])(?:[a-z]+[A-Z]\\w*\\.)?[a-z]+(?:[A-Z][a-z]+)+(?![\\w/='-])");

    static OptionWords of(CommandLine command) {
        Object given = command.getCommand();
        return new OptionWords(
                command.getCommandSpec(), given instanceof FieldOptions options ? options : _ -> Optional.empty());
    }

    /// Gives the sentence about what is wrong.
    String sentence(ReportedProblemException problem) {
        String written = problem.problem();
        String at = problem.pointer().orElse("");
        String parent = at.substring(0, Math.max(0, at.lastIndexOf('/')));
        String named = option(at).map(option -> begunWith(option, at, written)).orElse(written);
        return FIELD.matcher(named).replaceAll(found -> Matcher.quoteReplacement(inText(parent, found)));
    }

    private String inText(String parent, MatchResult found) {
        String path = "/" + found.group().replace('.', '/');
        return option(parent + path).or(() -> option(path)).orElse(found.group());
    }

    /// A sentence about a field often begins with it.
    private static String begunWith(String option, String pointer, String sentence) {
        String field = pointer.substring(pointer.lastIndexOf('/') + 1);
        for (String subject : new String[] {pointer, field}) {
            if (sentence.startsWith(subject + " ")) {
                return option + sentence.substring(subject.length());
            }
        }
        return sentence;
    }

    /// Finds what stands for a field on the command line.
    Optional<String> option(String pointer) {
        String field = pointer.substring(pointer.lastIndexOf('/') + 1);
        if (field.isEmpty()) {
            return Optional.empty();
        }
        String name = "--" + HUMP.matcher(field).replaceAll("-").toLowerCase(Locale.ROOT);
        return others.optionOf(pointer)
                .or(() -> Optional.of(name).filter(option -> command.findOption(option) != null))
                .or(() -> command.positionalParameters().stream()
                        .map(CommandLine.Model.PositionalParamSpec::paramLabel)
                        .filter(label -> label.equals(field.toUpperCase(Locale.ROOT)))
                        .findFirst());
    }
}
