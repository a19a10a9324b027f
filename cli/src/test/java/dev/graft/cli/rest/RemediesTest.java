package dev.graft.cli.rest;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.cli.Graft;
import dev.graft.problem.ProblemType;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RemediesTest {
    private static final Pattern COMMAND = Pattern.compile("\\./graft ([a-z-]+)");

    /// What is wrong with an option is explained where the options are.
    private static final Set<String> EXPLAINED_BY_HELP = Set.of("invalid-request", "setting-unsupported");

    @Test
    void thereIsOneForEveryTypeOfProblemAndForNoOther() {
        assertThat(Remedies.byKind().keySet())
                .isEqualTo(
                        Stream.of(ProblemType.values()).map(RemediesTest::kind).collect(toSet()));
    }

    @Test
    void nothingButAWrongRequestIsExplainedByTheHelp() {
        assertThat(Stream.of(ProblemType.values()).map(RemediesTest::view)).allSatisfy(problem -> {
            assertThat(problem.remedy()).endsWith(".");
            assertThat(problem.remedy().contains("./graft help"))
                    .as(problem.kind())
                    .isEqualTo(EXPLAINED_BY_HELP.contains(problem.kind()));
        });
    }

    @Test
    void namesOnlyCommandsThatThereAre() {
        Set<String> commands = new CommandLine(new Graft()).getSubcommands().keySet();

        Set<String> named = Remedies.byKind().values().stream()
                .flatMap(remedy -> COMMAND.matcher(remedy).results())
                .map(RemediesTest::command)
                .collect(toSet());

        assertThat(named).isNotEmpty().isSubsetOf(commands);
    }

    private static String command(MatchResult found) {
        return found.group(1);
    }

    private static String kind(ProblemType type) {
        return view(type).kind();
    }

    private static ProblemView view(ProblemType type) {
        return new ProblemView(type.uri().toString(), type.title(), null, null);
    }
}
