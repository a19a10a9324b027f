/// Embeds images, and the options that choose an extractor.
///
/// It must not know any other package of commands.
@NullMarked
package dev.graft.cli.embedding;

import org.jspecify.annotations.NullMarked;
