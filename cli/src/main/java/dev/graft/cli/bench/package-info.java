/// Measures how fast Graft is on this machine, how its costs grow with the size of a dataset, and whether its memory
/// stays flat. What is measured runs in a process of its own, or in a stack of its own.
///
/// Of the other packages of commands it knows `dataset` only, to import what it embeds.
@NullMarked
package dev.graft.cli.bench;

import org.jspecify.annotations.NullMarked;
