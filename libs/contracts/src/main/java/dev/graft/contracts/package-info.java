/// The events that Graft's services tell each other, their topics and their wire form.
///
/// The producer of a fact owns its record. Nothing here knows a broker, a database or a framework: only records,
/// their JSON names, and the CloudEvents attributes they travel with.
@NullMarked
package dev.graft.contracts;

import org.jspecify.annotations.NullMarked;
