/// Lists the models and puts versions of them into production.
///
/// It must not know how they are trained, nor any other package of commands.
@NullMarked
package dev.graft.cli.model;

import org.jspecify.annotations.NullMarked;
