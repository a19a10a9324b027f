package dev.graft.testkit.sql;

import java.util.List;

/// Has the database refuse a statement that deletes more rows of a table than one transaction should.
///
/// @param table in the first schema of the session's search path
/// @param rows  that a statement may delete at most
public record DeletionBound(String table, int rows) {
    /// Gives the statements that impose the bound.
    public List<String> imposed() {
        return List.of("""
                create function bound_of_%1$s() returns trigger language plpgsql as $$
                begin
                    if (select count(*) from gone) > %2$d then
                        raise exception 'one statement deletes %% rows of %1$s', (select count(*) from gone);
                    end if;
                    return null;
                end $$""".formatted(table, rows), """
                create trigger bound_of_%1$s after delete on %1$s
                referencing old table as gone for each statement execute function bound_of_%1$s()""".formatted(table));
    }

    /// Gives the statements that lift the bound.
    public List<String> lifted() {
        return List.of("drop function bound_of_%s cascade".formatted(table));
    }
}
