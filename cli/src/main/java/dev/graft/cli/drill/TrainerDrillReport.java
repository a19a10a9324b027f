package dev.graft.cli.drill;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Durations;
import dev.graft.cli.console.Table;
import dev.graft.stack.ActionableException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a drill of the trainer service came to, as `--json` prints it.
///
/// @param drill       its name
/// @param verdict     `holds` when every killed run came to what the undisturbed one came to, else `broken`
/// @param kills       how many hit a run
/// @param seed        the moments were drawn from it
/// @param epochs      of the fine-tuning of each run
/// @param undisturbed the run that nobody killed
/// @param hits        the kills in their order
/// @param runs        those whose process was to be killed, in their order
/// @param seconds     all of it together
record TrainerDrillReport(
        String drill,
        String verdict,
        int kills,
        long seed,
        int epochs,
        Undisturbed undisturbed,
        List<Kill> hits,
        List<Killed> runs,
        double seconds) {
    private static final String HOLDS = "holds";
    private static final int SHOWN_CHARACTERS = 16;

    TrainerDrillReport {
        hits = List.copyOf(hits);
        runs = List.copyOf(runs);
    }

    /// The run that the others are compared with.
    ///
    /// @param trainingSeconds of the trainer service
    /// @param parts           what they are compared by, see [Fingerprint]
    record Undisturbed(String run, double trainingSeconds, SortedMap<String, String> parts) {}

    /// A run whose process was to be killed.
    ///
    /// @param kills       how many hit it; none where it came to its end before the first moment
    /// @param problem     why it failed
    /// @param differences the parts that are other ones than those of the undisturbed run
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Killed(
            String run, String state, int kills, @Nullable String problem, List<String> differences) {
        Killed {
            differences = List.copyOf(differences);
        }
    }

    static TrainerDrillReport of(
            long seed, int epochs, Undisturbed undisturbed, List<Kill> hits, List<Killed> runs, double seconds) {
        boolean equal = runs.stream().allMatch(run -> run.differences().isEmpty());
        return new TrainerDrillReport(
                "trainer", equal ? HOLDS : "broken", hits.size(), seed, epochs, undisturbed, hits, runs, seconds);
    }

    /// Prints it as tables.
    void print(Console console) {
        Table kills = new Table("KILL", "RUN", "AFTER", "PHASE", "EPOCH", "WENT ON AFTER");
        for (int i = 0; i < hits.size(); i++) {
            Kill hit = hits.get(i);
            kills.row(
                    i + 1,
                    hit.run(),
                    Durations.words(hit.afterSeconds()),
                    hit.phase(),
                    hit.epoch() == null ? "-" : hit.epoch() + " of " + epochs,
                    Durations.words(hit.wentOnAfterSeconds()));
        }
        kills.lines().forEach(line -> console.say("%s", line));
        Table parts = new Table("OF THE RUN", "UNDISTURBED", "EQUAL IN");
        for (Map.Entry<String, String> part : undisturbed.parts().entrySet()) {
            long equal = runs.stream()
                    .filter(run -> !run.differences().contains(part.getKey()))
                    .count();
            parts.row(part.getKey(), shortened(part.getValue()), "%d of %d runs".formatted(equal, runs.size()));
        }
        parts.lines().forEach(line -> console.say("%s", line));
        runs.stream()
                .filter(run -> run.problem() != null)
                .forEach(run -> console.say("Run %s ended as %s: %s", run.run(), run.state(), run.problem()));
        console.say(
                "The verdict: %s. %d kills hit %d of %d runs, all of it took %s.",
                verdict,
                hits.size(),
                runs.stream().filter(run -> run.kills() > 0).count(),
                runs.size(),
                Durations.words(seconds));
    }

    private static String shortened(String value) {
        return value.length() <= SHOWN_CHARACTERS + 4 ? value : value.substring(0, SHOWN_CHARACTERS) + "…";
    }

    /// Fails unless the verdict is that it holds.
    ///
    /// @throws ActionableException that names the first run that is another one
    void requireHolds() {
        IntStream.range(0, runs.size())
                .filter(i -> !runs.get(i).differences().isEmpty())
                .findFirst()
                .ifPresent(i -> {
                    throw new ActionableException(
                            "The killed run %d is not what the undisturbed one is: %s."
                                    .formatted(
                                            i + 1, String.join(", ", runs.get(i).differences())),
                            "Please report this, with the seed %d and what was printed.".formatted(seed));
                });
    }
}
