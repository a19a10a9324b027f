package dev.graft.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.cli.rest.ImportView;
import dev.graft.cli.rest.ImportView.Reason;
import dev.graft.cli.rest.ImportView.RejectedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportLossesTest {
    private static final String BASE = "https://graft.dev/problems/";

    @Test
    void countsNoTextsBesideTheImages() {
        ImportLosses losses = losses(
                rejected("README.md", "label-missing"),
                rejected("a/classes.txt", "image-format-unsupported"),
                rejected("a/page.jpg", "image-format-unsupported"),
                rejected("stray.png", "label-missing"),
                rejected("a/unnamed", "image-format-unsupported"),
                rejected("a/notes.txt", "archive-unreadable"));

        assertThat(losses.files()).isEqualTo(4);
    }

    @Test
    void namesReasonsAndWhatHelpsAgainstTheCommonest() {
        ImportLosses losses = losses(
                rejected("a/1.png", "image-absent"),
                rejected("a/2.png", "image-absent"),
                rejected("a/3.png", "image-corrupt"));

        assertThat(losses.words()).isEqualTo("2 image-absent, 1 image-corrupt");
        assertThat(losses.remedy()).contains("git annex get");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image-too-large", "image-too-many-pixels", "image-too-much-memory"})
    void asksForSmallerImagesWhereSizeIsTheReason(String kind) {
        assertThat(losses(rejected("a/1.png", kind)).remedy()).contains("smaller");
    }

    @Test
    void namesTheFolderToImport() {
        Reason deep = new Reason(
                BASE + "label-missing",
                3,
                "cats/pug/1.jpg",
                "It lies too deep. Most pictures lie in data/images/LABEL: import the folder data/images.");

        assertThat(new ImportLosses(3, List.of(deep)).remedy()).isEqualTo("Import the folder data/images.");
    }

    private static RejectedFile rejected(String file, String kind) {
        return new RejectedFile(file, BASE + kind, "why");
    }

    private static ImportLosses losses(RejectedFile... rejected) {
        List<Reason> reasons = new ArrayList<>();
        for (RejectedFile file : rejected) {
            reasons.stream()
                    .filter(reason -> reason.type().equals(file.type()))
                    .findFirst()
                    .ifPresentOrElse(
                            reason -> reasons.set(
                                    reasons.indexOf(reason),
                                    new Reason(reason.type(), reason.files() + 1, reason.file(), reason.detail())),
                            () -> reasons.add(new Reason(file.type(), 1, file.file(), file.detail())));
        }
        return ImportLosses.of(new ImportView(
                "id",
                "dataset",
                "SUCCEEDED",
                9,
                0,
                0,
                List.of(rejected),
                rejected.length,
                reasons,
                List.of(),
                0,
                Map.of(),
                9L,
                null));
    }
}
