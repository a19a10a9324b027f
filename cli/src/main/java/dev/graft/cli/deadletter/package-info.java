/// Lists, shows and replays dead letters: records that no service could read or handle.
///
/// It must not know any other package of commands.
@NullMarked
package dev.graft.cli.deadletter;

import org.jspecify.annotations.NullMarked;
