/// Reads the user's files: folders of pictures, archives of them, single pictures.
///
/// It must not know what becomes of them.
@NullMarked
package dev.graft.cli.folder;

import org.jspecify.annotations.NullMarked;
