/// Dead letters: records that nobody can read, and events whose handling failed for good.
///
/// All of them lie on the topic `<topic>.dlq` of the topic from which they came, whether their consumer has a database
/// or not, with headers that say why, how often they were tried, and where the original lies. A replay publishes the
/// record once more on its topic; consumers that have handled it already pass over it. What was replayed is noted by a
/// record behind it on the same partition, so that nothing else has to be kept. Kafka deletes dead letters after
/// [dev.graft.contracts.Topics#DEAD_LETTER_RETENTION_DAYS].
@NullMarked
package dev.graft.events.deadletter;

import org.jspecify.annotations.NullMarked;
