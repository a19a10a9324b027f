package dev.graft.testkit.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Consumer;

/// Reads a plan from its root to its scans, and finds where it breaks the law of [LargeTables].
///
/// @param faults takes what is found
record PlanReading(LargeTables large, Consumer<String> faults) {
    private static final Set<String> SCANS_OF_INDEXES = Set.of("Index Scan", "Index Only Scan");
    private static final Set<String> SORTS = Set.of("Sort", "Incremental Sort");
    private static final Set<String> COUNTS = Set.of("Aggregate", "Group", "WindowAgg", "SetOp");

    /// Hand on each row that they get at once, so that a limit above them ends what is below.
    private static final Set<String> PASSING = Set.of("Nested Loop", "LockRows", "Subquery Scan", "Result");

    /// What lies between a node and the limit above it, or the root.
    ///
    /// @param limited whether there is a limit, and all between passes each row on at once
    private record Above(boolean sorted, boolean counted, boolean limited) {
        static final Above ROOT = new Above(false, false, false);
        static final Above LIMIT = new Above(false, false, true);

        /// What lies above the children of a node.
        Above and(String type) {
            return type.equals("Limit")
                    ? LIMIT
                    : new Above(
                            sorted || SORTS.contains(type),
                            counted || COUNTS.contains(type),
                            limited && PASSING.contains(type));
        }

        /// What lies above a child of which a join may have to read all.
        Above unlimited() {
            return new Above(sorted, counted, false);
        }
    }

    void read(JsonNode root) {
        read(root, Above.ROOT);
    }

    private void read(JsonNode node, Above above) {
        String table = node.path("Relation Name").asText();
        String type = type(node);
        if (large.names().contains(table) && type.endsWith("Scan")) {
            check(node, type, table, above);
        }
        Above below = above.and(type);
        for (JsonNode child : node.path("Plans")) {
            read(
                    child,
                    switch (child.path("Parent Relationship").asText()) {
                        case "Outer", "Subquery" -> below;
                        // A value that is used above; its rows are not those of the node.
                        case "InitPlan", "SubPlan" -> Above.ROOT;
                        default -> below.unlimited();
                    });
        }
    }

    private static String type(JsonNode node) {
        return node.path("Node Type").asText();
    }

    private void check(JsonNode scan, String type, String table, Above above) {
        if (type.equals("Seq Scan")) {
            faults.accept("reads all of " + table);
        } else if (SCANS_OF_INDEXES.contains(type) && !scan.has("Index Cond") && !above.limited()) {
            faults.accept("reads " + table + " from end to end by its index "
                    + scan.path("Index Name").asText());
        }
        if (above.sorted()) {
            faults.accept("sorts rows of " + table);
        }
        if (above.counted() && !large.summed().contains(table)) {
            faults.accept("counts rows of " + table);
        }
    }
}
