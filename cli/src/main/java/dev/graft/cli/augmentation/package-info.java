/// Shows how images are varied while a network is trained.
///
/// It must not know any other package of commands.
@NullMarked
package dev.graft.cli.augmentation;

import org.jspecify.annotations.NullMarked;
