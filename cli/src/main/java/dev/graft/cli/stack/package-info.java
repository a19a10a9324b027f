/// Starts and ends the embedded stack, and reports its state.
///
/// How a stack is run is the work of `dev.graft.stack`. It must not know any other package of commands.
@NullMarked
package dev.graft.cli.stack;

import org.jspecify.annotations.NullMarked;
