package dev.graft.cli.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Sizes;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.util.Locale;
import picocli.CommandLine.Command;

/// Lists the backbones.
@Command(
        name = "backbones",
        description = {
            "List the pretrained networks that there are.",
            "Accuracies are per cent of ImageNet's validation pictures.",
            "A version of a model that was fine-tuned is a backbone too, named MODEL@VERSION: ./graft models lists models."
        })
public final class BackbonesCommand extends SessionCommand {
    @Override
    protected void run(Session session) throws Exception {
        JsonNode backbones = session.services().feature().backbones();
        Console console = session.console();
        console.result(backbones, () -> {
            Table table = new Table("NAME", "SIZE", "TOP-1", "TOP-5", "PARAMETERS", "DEPTH", "INPUT", "WEIGHTS");
            for (JsonNode backbone : backbones) {
                table.row(
                        backbone.path("name").asText(),
                        Sizes.words(backbone.path("sizeBytes").asLong()),
                        accuracy(backbone.path("top1")),
                        accuracy(backbone.path("top5")),
                        String.format(
                                Locale.ROOT, "%,d", backbone.path("parameters").asLong()),
                        backbone.path("depth").asInt(),
                        backbone.path("inputSizePixels").asInt(),
                        backbone.path("weights").asText().replace('-', ' '));
            }
            table.lines().forEach(line -> console.say("%s", line));
        });
    }

    private static String accuracy(JsonNode percent) {
        return percent.isNumber() ? String.format(Locale.ROOT, "%.1f", percent.asDouble()) : "-";
    }
}
