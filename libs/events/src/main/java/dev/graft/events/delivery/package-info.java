/// Delivers events to their consumers: together where that works, one by one where one of them fails, again while a
/// backend is away, and to the dead letters in the end.
///
/// Knows no database: what a fault of one means, the work says by [dev.graft.events.delivery.BackendAwayException].
@NullMarked
package dev.graft.events.delivery;

import org.jspecify.annotations.NullMarked;
