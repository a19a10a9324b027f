/// Downloads files from where they are published, over connections that may break.
///
/// It must not know what the files are for, nor any other package of the command line.
@NullMarked
package dev.graft.cli.hub;

import org.jspecify.annotations.NullMarked;
