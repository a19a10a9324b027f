/// What every command works with: console, data directory, stack and the clients of the services; a stack
/// of a command's own; and how a command ends that did its work for some of its files only.
///
/// It must not know any command.
@NullMarked
package dev.graft.cli.session;

import org.jspecify.annotations.NullMarked;
