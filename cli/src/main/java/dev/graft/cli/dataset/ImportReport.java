package dev.graft.cli.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.graft.cli.console.Durations;
import dev.graft.cli.rest.ImportView;
import dev.graft.cli.rest.ImportView.Leak;
import dev.graft.cli.rest.ImportView.RejectedFile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What came of an import, as `--json` prints it.
///
/// @param rejected      the first 1,000
/// @param leaks         the first 1,000 files whose images lie in another split too, and count there
/// @param rejectedTotal how many files were rejected
public record ImportReport(
        String dataset,
        long images,
        long accepted,
        long duplicates,
        List<RejectedFile> rejected,
        Map<String, Long> classes,
        double seconds,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Leak> leaks,
        @JsonIgnore long rejectedTotal) {

    static ImportReport of(ImportView view, double seconds) {
        return new ImportReport(
                view.dataset(),
                view.images(),
                view.accepted(),
                view.duplicates(),
                Objects.requireNonNullElse(view.rejected(), List.of()),
                new TreeMap<>(Objects.requireNonNullElse(view.classes(), Map.of())),
                seconds,
                Objects.requireNonNullElse(view.leaks(), List.of()),
                view.rejectedTotal());
    }

    String summary() {
        return "%d files: %d new, %d known, %d rejected; %d classes; %s"
                .formatted(images, accepted, duplicates, rejectedTotal, classes.size(), Durations.words(seconds));
    }
}
