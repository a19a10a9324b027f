/// Prints: results on standard output, progress on standard error, as bars on a terminal and as plain lines elsewhere.
///
/// It must not know what the things that it prints mean.
@NullMarked
package dev.graft.cli.console;

import org.jspecify.annotations.NullMarked;
