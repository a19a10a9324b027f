/// The root of the command line: the global options, the list of the commands, and how an exception ends one.
///
/// Each package below holds the commands of one subject. Such a package sends requests to the services through
/// `rest`, prints through `console` and gets both from `session`. It must not know the root, nor the other
/// packages of commands but those that its own documentation names. `session`, `rest`, `folder`, `hub` and
/// `console` must not know any command.
@NullMarked
package dev.graft.cli;

import org.jspecify.annotations.NullMarked;
