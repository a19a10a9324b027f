package dev.graft.testkit.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// How the database carries out a statement, whatever its parameters are.
///
/// @param statement its text
/// @param root      the plan as PostgreSQL gives it in JSON
/// @param lines     the plan as PostgreSQL gives it to people
public record Plan(String statement, JsonNode root, List<String> lines) {
    public Plan {
        lines = List.copyOf(lines);
    }

    /// Gives the names of the indexes that it reads.
    public Set<String> indexes() {
        return new TreeSet<>(root.findValuesAsText("Index Name"));
    }

    @Override
    public String toString() {
        return statement.strip() + "\n" + String.join("\n", lines);
    }
}
