/// Runs the whole of Graft on one machine: broker, object store and database inside or below a supervisor
/// process, and the services as its children.
///
/// It knows how services are started, watched and stopped, and how they are configured. It must not know what
/// they are for, nor the command line.
@NullMarked
package dev.graft.stack;

import org.jspecify.annotations.NullMarked;
