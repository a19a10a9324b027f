/// Reads the user's files: folders of images, archives of them, single images.
///
/// It must not know what becomes of them, nor any other package of the command line.
@NullMarked
package dev.graft.cli.folder;

import org.jspecify.annotations.NullMarked;
