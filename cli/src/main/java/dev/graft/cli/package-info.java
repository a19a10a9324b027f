/// The command line: one class for each command, which asks the services over REST and prints what they answer.
///
/// It must not know how the services do their work, and does none of it itself.
@NullMarked
package dev.graft.cli;

import org.jspecify.annotations.NullMarked;
