/// Lists, pulls, imports and quantizes the weights of backbones.
///
/// It must not know any other package of commands.
@NullMarked
package dev.graft.cli.weights;

import org.jspecify.annotations.NullMarked;
