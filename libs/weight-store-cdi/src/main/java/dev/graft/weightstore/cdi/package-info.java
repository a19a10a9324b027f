/// The weight store as a bean of a service, opened from its settings over the service's object store.
///
/// Knows no service and nothing of what weights are used for.
@NullMarked
package dev.graft.weightstore.cdi;

import org.jspecify.annotations.NullMarked;
