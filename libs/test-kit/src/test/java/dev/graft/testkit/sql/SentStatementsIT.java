package dev.graft.testkit.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testkit.Backends;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Distinguishes statements that an index answers from those that read, sort or count a table.
class SentStatementsIT {
    private static final DataSource DATABASE = database();

    @BeforeAll
    static void fill() {
        execute(
                "create schema library",
                "create table library.book (id bigint primary key, shelf integer, name text, lent boolean not null)",
                "create table library.shelf (id integer primary key, name text)",
                "insert into library.book select n, n % 100, 'book ' || n, n % 7 = 0 from generate_series(1, 10000) n",
                "insert into library.shelf select n, 'shelf ' || n from generate_series(0, 99) n",
                "create index book_of_shelf on library.book (shelf, id)",
                "create index book_lent on library.book (id) where lent",
                "analyze library.book, library.shelf");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            book_of_shelf | select id from library.book where shelf = 7 and id > 4 order by id limit 11
            book_pkey     | select name from library.book order by id limit 11
            book_pkey     | select name from library.book where id = 4
            book_pkey     | update library.book set name = 'other' where id = 4
            book_lent     | select id from library.book where lent order by id limit 11
            shelf_pkey    | select b.id, s.name from library.book b join library.shelf s on s.id = b.shelf order by b.id limit 11
            book_of_shelf | select count(*) from (select from library.book where shelf = 7 order by id limit 11)
            book_pkey     | select name from library.book where id > 9 and name <> 'x' order by id desc limit 11
            """)
    void findsNoFaultWithAPageFromAnIndex(String index, String sql) throws SQLException {
        List<Plan> plans = sent(LargeTables.of("book"), sql);

        assertThat(plans)
                .singleElement()
                .satisfies(plan -> assertThat(plan.indexes()).contains(index));
        assertThat(LargeTables.of("book").faults(plans)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reads all of book          | select id from library.book where name = 'book 9' limit 11
            reads all of book          | delete from library.book where name = 'no book'
            reads book from end to end | select id from library.book order by id
            reads book from end to end | select shelf, max(id) from library.book group by shelf order by shelf limit 11
            sorts rows of book         | select id from library.book where shelf = 7 order by name limit 11
            sorts rows of book         | select id from library.book order by id, name limit 11
            counts rows of book        | select count(*) from library.book
            counts rows of book        | select count(*) from library.book where shelf = 7
            """)
    void findsTheFaultOfAStatement(String fault, String sql) throws SQLException {
        List<Plan> plans = sent(LargeTables.of("book"), sql);

        assertThat(LargeTables.of("book").faults(plans))
                .anySatisfy(found -> assertThat(found).startsWith(fault).contains("library.book"));
    }

    @Test
    void letsRowsBeAddedUpWhereTheyAreSaidToBeFew() throws SQLException {
        LargeTables large = new LargeTables(Set.of("book"), Set.of("book"), Set.of());
        List<Plan> few = sent(large, "select count(*) from library.book where shelf = 7");
        List<Plan> all = sent(large, "select count(*) from library.book");

        assertThat(large.faults(few)).isEmpty();
        assertThat(large.faults(all)).isNotEmpty();
    }

    @Test
    void heedsNoStatementOnOtherTablesNorOneInTheBackground() throws SQLException {
        LargeTables large = new LargeTables(Set.of("book"), Set.of(), Set.of("max(id)"));

        assertThat(sent(large, "select name from library.shelf", "select max(id) from library.book"))
                .isEmpty();
    }

    @Test
    void explainsAStatementWithAnInterval() throws SQLException {
        List<Plan> plans =
                sent(LargeTables.of("book"), "select now() - interval '1 second' from library.book where id = 4");

        assertThat(plans)
                .singleElement()
                .satisfies(plan -> assertThat(plan.indexes()).contains("book_pkey"));
    }

    @Test
    void countsHowOftenATableIsAskedForRows() throws SQLException {
        long shelves = SentStatements.selects("shelf");

        execute(
                "select name from library.shelf where id = 4",
                "select name from library.shelf where id = 5",
                "update library.shelf set name = 'other' where id = 4",
                "select id from library.book where id = 4");

        assertThat(SentStatements.selects("shelf") - shelves).isEqualTo(2);
    }

    private static List<Plan> sent(LargeTables large, String... statements) throws SQLException {
        return new SentStatements("library", large).during(() -> execute(statements));
    }

    private static void execute(String... statements) {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static DataSource database() {
        Map<String, String> configuration = Backends.shared().configuration();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(configuration.get("quarkus.datasource.jdbc.url"));
        database.setUser(configuration.get("quarkus.datasource.username"));
        database.setPassword(configuration.get("quarkus.datasource.password"));
        return database;
    }
}
