package dev.graft.trainer.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.contracts.Sha256;
import dev.graft.trainer.head.TrainedHead;
import dev.graft.trainer.model.Lineage;
import dev.graft.trainer.model.TrainedModel;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/// The tables of settings and lineage.
final class ReportFacts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("backbone", "Backbone"),
            Map.entry("layer", "Layer"),
            Map.entry("inputSize", "Input size"),
            Map.entry("precision", "Precision"),
            Map.entry("head", "Head"),
            Map.entry("optimizer", "Optimizer"),
            Map.entry("epochs", "Steps at most"),
            Map.entry("batchSize", "Batch size"),
            Map.entry("learningRate", "Learning rate"),
            Map.entry("dropout", "Dropout"),
            Map.entry("classWeights", "Class weights"),
            Map.entry("seed", "Seed"),
            Map.entry("testFraction", "Share to evaluate on, when the dataset has no part for it"),
            Map.entry("promote", "Promotion asked for"));

    private ReportFacts() {}

    static void settings(Html html, TrainedModel model) {
        html.raw("<section><h2>Settings</h2><table class=\"facts\"><tbody>");
        JsonNode spec = JSON.valueToTree(model.spec());
        spec.properties()
                .forEach(setting -> html.fact(
                        NAMES.getOrDefault(setting.getKey(), setting.getKey()),
                        setting.getValue().asText()));
        TrainedHead head = model.head();
        html.fact("Steps done", Html.count(head.steps()));
        Double strength = head.strength();
        if (strength != null) {
            html.fact("Strength of L2 regularisation, chosen", Html.count(Math.round(strength)));
        }
        html.fact("Temperature, chosen", Html.number(head.temperature()));
        html.fact("Accuracy on what was held out for choosing", Html.percent(head.heldOutAccuracy()));
        html.raw("</tbody></table></section>");
    }

    static void lineage(Html html, TrainedModel model) {
        Lineage lineage = model.lineage();
        html.raw("<section><h2>Where it comes from</h2><table class=\"facts\"><tbody>");
        html.fact("Dataset", "%s, version %d".formatted(lineage.datasetName(), lineage.datasetVersion()));
        html.digest("Manifest (SHA-256)", lineage.manifestDigest());
        html.digest("Training run", lineage.runId());
        html.fact("Accepted", TIME.format(lineage.startedAt().truncatedTo(ChronoUnit.MINUTES)));
        html.digest("Weights (SHA-256)", model.extractor().identity().weightsSha256());
        html.fact("Licence of the weights", model.extractor().backbone().license());
        html.digest("Extractor", lineage.extractorDigest());
        html.digest("Preprocessing", model.extractor().identity().preprocessingDigest());
        html.digest("Head (SHA-256)", Sha256.of(model.headFile()));
        html.raw("</tbody></table></section>");
    }
}
