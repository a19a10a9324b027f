package dev.graft.cli;

import dev.graft.cli.rest.ImportView;
import dev.graft.cli.rest.ImportView.RejectedFile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What came of an import, as `--json` prints it.
record ImportReport(
        String dataset,
        long images,
        long accepted,
        long duplicates,
        List<RejectedFile> rejected,
        Map<String, Long> classes,
        double seconds) {

    static ImportReport of(ImportView view, double seconds) {
        return new ImportReport(
                view.dataset(),
                view.images(),
                view.accepted(),
                view.duplicates(),
                Objects.requireNonNullElse(view.rejected(), List.of()),
                new TreeMap<>(Objects.requireNonNullElse(view.classes(), Map.of())),
                seconds);
    }

    String summary() {
        return "%d pictures: %d new, %d known, %d rejected; %d classes; %s"
                .formatted(images, accepted, duplicates, rejected.size(), classes.size(), Durations.words(seconds));
    }
}
