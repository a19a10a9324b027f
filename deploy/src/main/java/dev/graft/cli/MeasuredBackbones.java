package dev.graft.cli;

import dev.graft.backbones.Backbone;
import dev.graft.backbones.Catalogue;
import dev.graft.stack.ActionableException;
import java.util.List;

/// Finds the networks that are measured.
final class MeasuredBackbones {
    private MeasuredBackbones() {}

    /// Finds weight sets by their names or architectures; the first one of each architecture when none is named.
    ///
    /// @throws ActionableException when there is none of a name
    static List<Backbone> named(List<String> names) {
        Catalogue catalogue = Catalogue.standard();
        List<String> chosen = names.isEmpty()
                ? catalogue.backbones().stream()
                        .map(Backbone::architecture)
                        .distinct()
                        .toList()
                : names;
        return chosen.stream()
                .map(name -> catalogue
                        .find(name)
                        .orElseThrow(() -> new ActionableException(
                                "There is no backbone " + name + ".", "./graft backbones lists them.")))
                .toList();
    }
}
