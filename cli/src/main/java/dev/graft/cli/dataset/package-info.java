/// Imports images into datasets: sends them, shows progress, and names what was rejected, why, and what to do.
///
/// It must not know what is trained on them, nor any other package of commands.
@NullMarked
package dev.graft.cli.dataset;

import org.jspecify.annotations.NullMarked;
