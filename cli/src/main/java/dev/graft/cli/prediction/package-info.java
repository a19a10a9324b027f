/// Asks models about images.
///
/// It must not know any other package of commands.
@NullMarked
package dev.graft.cli.prediction;

import org.jspecify.annotations.NullMarked;
