/// Proves of the statements that a running service really sent that the database answers them from indexes.
///
/// Knows no service: a test says which tables are large.
@NullMarked
package dev.graft.testkit.sql;

import org.jspecify.annotations.NullMarked;
