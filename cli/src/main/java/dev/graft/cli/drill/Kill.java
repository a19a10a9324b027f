package dev.graft.cli.drill;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A kill that hit a run.
///
/// @param run                which of the killed runs, from 1
/// @param afterSeconds       since a process had taken the run up
/// @param phase              what the process was at; `taking up` where it had begun nothing yet
/// @param epoch              of fine-tuning, from 1; absent in other phases and before the first pass
/// @param wentOnAfterSeconds until the next process had taken the run up
@JsonInclude(JsonInclude.Include.NON_NULL)
record Kill(
        int run,
        double afterSeconds,
        String phase,
        @Nullable Integer epoch,
        double wentOnAfterSeconds) {
    private static final String TAKING_UP = "taking up";

    /// Describes a kill.
    ///
    /// @param hit    how the run stood when it was killed
    /// @param before how it stood when it was killed before; empty the first time
    /// @param epochs of fine-tuning
    static Kill of(
            int run, double afterSeconds, RunRow hit, Optional<RunRow> before, int epochs, double wentOnAfterSeconds) {
        if (hit.isTakenUpOnly(before)) {
            return new Kill(run, afterSeconds, TAKING_UP, null, wentOnAfterSeconds);
        }
        OptionalInt epoch = hit.epoch(epochs);
        return new Kill(
                run,
                afterSeconds,
                hit.phase().toLowerCase(Locale.ROOT).replace('_', '-'),
                epoch.isPresent() ? Integer.valueOf(epoch.getAsInt()) : null,
                wentOnAfterSeconds);
    }

    /// Says phase and epoch.
    ///
    /// @param epochs all of them
    String at(int epochs) {
        return epoch == null ? phase : "%s, epoch %d of %d".formatted(phase, epoch, epochs);
    }
}
