/// The events that Graft's services publish, their topics and their JSON.
///
/// The producer of a fact owns its record. Nothing here knows a broker, a database or a framework: only records, their
/// JSON, and the CloudEvents attributes they travel with. `asyncapi.yaml` beside these classes describes the same for
/// readers in other languages, and `src/test/resources/golden` pins it byte by byte. The jar runs on JDK 17 and its
/// published POM has no parent, so that any consumer can use it.
@NullMarked
package dev.graft.contracts;

import org.jspecify.annotations.NullMarked;
