package dev.graft.cli.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.cli.console.Console;
import dev.graft.cli.console.Sizes;
import dev.graft.cli.console.Table;
import dev.graft.cli.session.Session;
import dev.graft.cli.session.SessionCommand;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;

/// Lists the weights that are here.
@Command(name = "list", description = "List the weights that come with Graft or were pulled or imported.")
final class WeightsListCommand extends SessionCommand {
    private static final Set<String> HERE = Set.of("bundled", "present");

    @Override
    protected void run(Session session) throws Exception {
        List<JsonNode> here = StreamSupport.stream(
                        session.services().feature().backbones().spliterator(), false)
                .filter(backbone -> HERE.contains(backbone.path("weights").asText()))
                .toList();
        Console console = session.console();
        console.result(here, () -> {
            Table table = new Table("NAME", "WEIGHTS", "SIZE", "SHA-256", "LICENCE");
            for (JsonNode backbone : here) {
                table.row(
                        backbone.path("name").asText(),
                        backbone.path("weights").asText(),
                        Sizes.words(backbone.path("sizeBytes").asLong()),
                        backbone.path("sha256").asText(),
                        backbone.path("license").asText());
            }
            table.lines().forEach(line -> console.say("%s", line));
        });
        new BegunDownloads(session.data().downloads()).remarks().forEach(console::remark);
    }
}
