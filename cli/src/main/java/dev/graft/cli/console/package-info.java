/// Prints: results on standard output, progress on standard error, as bars on a terminal and as plain lines
/// elsewhere; and the forms of durations, sizes and fractions.
///
/// It must not know what the things that it prints mean, nor any other package of the command line.
@NullMarked
package dev.graft.cli.console;

import org.jspecify.annotations.NullMarked;
