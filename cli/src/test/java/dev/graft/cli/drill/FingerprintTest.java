package dev.graft.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.cli.rest.ProblemView;
import dev.graft.cli.rest.TrainingRunView;
import dev.graft.contracts.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final String CARD = """
            {"model": "%s", "version": 1, "run": "%s", "createdAt": "2026-03-01T09:%s:00Z", "labels": ["a", "b"],
             "fineTuning": {"bestEpoch": 5},
             "files": {"head.safetensors": {"sha256": "%s", "sizeBytes": 4},
                       "report.html": {"sha256": "%s", "sizeBytes": 9}}}""";
    private static final String REPORT = """
            <title>%s, version 1</title><tr><th scope="row">Training run</th><td><code>%s</code></td></tr>
            <tr><th scope="row">Accepted</th><td>1 March 2026, 09:%s UTC</td></tr><p>%s</p>""";

    @Test
    void isTheSameUnderAnotherNameAndAtAnotherTime() {
        Fingerprint one = fingerprint("undisturbed", "run-1", "30", "head", "text");
        Fingerprint other = fingerprint("killed-1", "run-2", "31", "head", "text");

        assertThat(other.differencesFrom(one)).isEmpty();
        assertThat(one.parts())
                .containsOnlyKeys(
                        "state",
                        "test accuracy",
                        "result's digest",
                        "epoch that was kept",
                        "model.json",
                        "head.safetensors",
                        "report.html")
                .containsEntry("epoch that was kept", "5")
                .containsEntry("head.safetensors", Sha256.of("head".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void namesEveryFileThatIsAnotherOne() {
        Fingerprint one = fingerprint("undisturbed", "run-1", "30", "head", "text");

        assertThat(fingerprint("killed-1", "run-2", "31", "other", "text").differencesFrom(one))
                .containsExactly("head.safetensors", "model.json", "result's digest");
        assertThat(fingerprint("killed-1", "run-2", "31", "head", "other").differencesFrom(one))
                .containsExactly("report.html");
    }

    @Test
    void allOfARunThatFailedDiffers() {
        TrainingRunView failed = new TrainingRunView(
                "run-2", "drill", 1, "killed-1", null, "FAILED", null, null, null, ProblemView.of("It was killed."));

        Fingerprint one = fingerprint("undisturbed", "run-1", "30", "head", "text");
        assertThat(Fingerprint.of(failed, _ -> new byte[0]).differencesFrom(one))
                .containsExactlyElementsOf(one.parts().keySet());
    }

    private static Fingerprint fingerprint(String model, String run, String minute, String head, String text) {
        String report = REPORT.formatted(model, run, minute, text);
        Map<String, String> files = new HashMap<>();
        files.put("head.safetensors", head);
        files.put("report.html", report);
        files.put("model.json", CARD.formatted(model, run, minute, digest(head), digest(report)));
        TrainingRunView.Result result = new TrainingRunView.Result(
                0.9,
                1,
                List.of("a", "b"),
                List.of(),
                10,
                digest(head),
                new TrainingRunView.Embeddings(1, 1, 0),
                new TrainingRunView.Seconds(1, 2, 3),
                null);
        TrainingRunView view = new TrainingRunView(run, "drill", 1, model, 1, "SUCCEEDED", null, null, result, null);
        return Fingerprint.of(view, name -> bytes(files.get(name)));
    }

    private static String digest(String text) {
        return Sha256.of(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
