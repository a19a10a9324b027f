package dev.graft.trainer.report;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.ValueResolvers;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The template of the report. What it shows is escaped, so that no label becomes markup.
///
/// The engine is its own, so that reports are written outside of the service, too.
final class ReportTemplate {
    private static final long TIMEOUT_MILLIS = 60_000;
    private static final Template TEMPLATE = Engine.builder()
            .addDefaults()
            .addValueResolver(ValueResolvers.rawResolver())
            .addValueResolver(new ReflectionValueResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .timeout(TIMEOUT_MILLIS)
            .build()
            .parse(read("report.html"), Variant.forContentType(Variant.TEXT_HTML));

    private ReportTemplate() {}

    static String render(ReportPage page) {
        return TEMPLATE.data("page", page).render();
    }

    /// Reads a file that lies beside this class.
    static String read(String file) {
        try (InputStream in = Objects.requireNonNull(ReportTemplate.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
