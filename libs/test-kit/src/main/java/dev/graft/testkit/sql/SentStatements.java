package dev.graft.testkit.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.testkit.Backends;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/// Records which statements on large tables reached the database of the test backends, and explains them: what
/// Hibernate makes of a query is then proved, and not a copy of it.
///
/// PostgreSQL keeps the text of each statement with its constants replaced by parameters. A plan is therefore
/// one for all values, and an index whose condition compares with a constant (`where state = 'OPEN'`) does not
/// show in it; one that asks for a null, a not null or a boolean does. The statements of all who send any to
/// the database are recorded, so that no other test may run meanwhile.
public final class SentStatements {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SENT = """
            select distinct query from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database())
              and query ~* '^\\s*(select|with|insert|update|delete)' and query not like '%pg_stat_statements%'
            order by query""";

    private static final String SELECTS = """
            select coalesce(sum(calls), 0) from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database())
              and query ~* '^\\s*select' and query ~ '\\m%s\\M'""";

    /// A text that was a constant after this word stands there as a parameter, which PostgreSQL does not read.
    private static final Pattern INTERVAL = Pattern.compile("(?i)\\binterval (\\$\\d+)");

    /// A limit that is a parameter. Of a limit that it does not know, the planner thinks that it is a tenth of all.
    private static final Pattern LIMIT = Pattern.compile("(?i)\\b(limit|fetch first) \\$\\d+");

    private static final String KNOWN_LIMIT = "$1 101";

    private final String schema;
    private final LargeTables large;

    /// @param schema of the service
    public SentStatements(String schema, LargeTables large) {
        this.schema = schema;
        this.large = large;
    }

    /// Gives how often the database of the test backends was asked for rows of a table so far, in whatever schema.
    public static long selects(String table) throws SQLException {
        try (Connection connection = connect("public")) {
            return Long.parseLong(all(connection, SELECTS.formatted(table)).getFirst());
        }
    }

    /// Connects as the service does, but sends texts as they are: else a statement is not explained without values.
    static Connection connect(String schema) throws SQLException {
        Map<String, String> configuration = Backends.shared().configuration();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(configuration.get("quarkus.datasource.jdbc.url"));
        database.setUser(configuration.get("quarkus.datasource.username"));
        database.setPassword(configuration.get("quarkus.datasource.password"));
        database.setCurrentSchema(schema + ",public");
        database.setPreferQueryMode(PreferQueryMode.SIMPLE);
        return database.getConnection();
    }

    /// Does something, and gives the plans of the statements on large tables that reached the database meanwhile.
    ///
    /// The planner takes a scan, a bitmap or a sort only where it has no other way: whether it finds a table too
    /// small for an index is not what is asked.
    public List<Plan> during(Runnable work) throws SQLException {
        try (Connection connection = connect(schema)) {
            all(connection, "select pg_stat_statements_reset()");
            work.run();
            for (String way : List.of("seqscan", "bitmapscan", "sort")) {
                all(connection, "select set_config('enable_%s', 'off', false)".formatted(way));
            }
            List<Plan> plans = new ArrayList<>();
            for (String statement : all(connection, SENT)) {
                if (large.concerns(statement)) {
                    plans.add(explain(connection, statement));
                }
            }
            return plans;
        }
    }

    private static Plan explain(Connection connection, String statement) throws SQLException {
        String limited = LIMIT.matcher(statement).replaceAll(KNOWN_LIMIT);
        String readable = INTERVAL.matcher(limited).replaceAll("cast($1 as interval)");
        try {
            List<String> json = all(connection, "explain (generic_plan, costs off, format json) " + readable);
            return new Plan(
                    statement,
                    tree(String.join("\n", json)),
                    all(connection, "explain (generic_plan, costs off) " + readable));
        } catch (SQLException refused) {
            throw new SQLException("cannot explain " + statement, refused);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json).path(0).path("Plan");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a plan in JSON is no JSON", impossible);
        }
    }

    private static List<String> all(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
