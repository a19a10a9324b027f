/// Runs the whole of Graft on one machine: broker, object store and database inside or below a supervisor process, and
/// the
/// services as its children.
///
/// It knows how services are started, watched and stopped, and what they are configured with. It must not know what
/// they
/// are for: whoever wants something done by them speaks REST.
@NullMarked
package dev.graft.stack;

import org.jspecify.annotations.NullMarked;
