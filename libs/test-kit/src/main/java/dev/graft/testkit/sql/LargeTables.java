package dev.graft.testkit.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The tables of a service that grow with what users store, and the law for every statement that touches them: it reads
/// what it asks for from an index, in the order of the index, and counts nothing.
///
/// A statement may read more than one condition allows only up to a limit: below a `limit`, the rows must come in the
/// order of an index, so that the database stops at the last one that is wanted.
///
/// @param names      of the tables
/// @param summed     those of them whose rows may be added up where an index finds them, because they are few for each
///     thing that is asked for
/// @param background parts of the texts of statements that are exempt, because they are sent by work in the background
///     that no request waits for
public record LargeTables(Set<String> names, Set<String> summed, Set<String> background) {
    /// Tables whose rows are never added up.
    public static LargeTables of(String... names) {
        return new LargeTables(Set.of(names), Set.of(), Set.of());
    }

    public LargeTables {
        if (names.isEmpty() || !names.containsAll(summed)) {
            throw new IllegalArgumentException("there must be large tables, and those summed must be among them");
        }
        names = Set.copyOf(names);
        summed = Set.copyOf(summed);
        background = Set.copyOf(background);
    }

    /// Returns whether the law is for the statement.
    boolean concerns(String statement) {
        return names.stream().anyMatch(name -> names(statement, name))
                && background.stream().noneMatch(statement::contains);
    }

    private static boolean names(String statement, String table) {
        return Pattern.compile("\\b" + table + "\\b").matcher(statement).find();
    }

    /// Gives the breaches of the law, each with its statement and plan.
    public List<String> faults(Collection<Plan> plans) {
        List<String> faults = new ArrayList<>();
        for (Plan plan : plans) {
            new PlanReading(this, fault -> faults.add(fault + "\n" + plan)).read(plan.root());
        }
        return faults;
    }
}
