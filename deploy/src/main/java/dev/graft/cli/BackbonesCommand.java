package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Table;
import java.util.Locale;
import picocli.CommandLine.Command;

/// Lists the backbones.
@Command(name = "backbones", description = "List the pretrained networks that there are.")
final class BackbonesCommand extends SessionCommand {
    @Override
    void run(Session session) throws Exception {
        JsonNode backbones = session.services().feature().backbones();
        Console console = session.console();
        console.result(backbones, () -> {
            Table table = new Table("NAME", "INPUT", "FEATURES", "PARAMETERS", "TOP-1", "LICENCE");
            for (JsonNode backbone : backbones) {
                table.row(
                        backbone.path("name").asText(),
                        backbone.path("inputSizePixels").asInt(),
                        backbone.path("featureDimension").asInt(),
                        String.format(
                                Locale.ROOT, "%,d", backbone.path("parameters").asLong()),
                        backbone.path("top1").asText(),
                        backbone.path("license").asText());
            }
            table.lines().forEach(line -> console.say("%s", line));
        });
    }
}
