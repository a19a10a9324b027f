/// Drills what Graft promises for bad days, in a stack of its own: does the harm, and gives a verdict on
/// whether the promise holds.
///
/// Of the other packages of commands it knows `dataset` only, to import what it trains on.
@NullMarked
package dev.graft.cli.drill;

import org.jspecify.annotations.NullMarked;
