/// The demo: import, train, promote and predict in one command.
///
/// Of the other packages of commands it knows `dataset`, `training` and `prediction`, which do the work.
@NullMarked
package dev.graft.cli.demo;

import org.jspecify.annotations.NullMarked;
