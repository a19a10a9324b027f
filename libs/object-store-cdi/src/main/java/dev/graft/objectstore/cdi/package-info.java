/// The object store as a bean of a service: its settings, the client that is opened from them and closed at the
/// end, and a readiness check. A service that can work while object storage is away leaves the check out
/// (`quarkus.arc.exclude-types`).
///
/// Knows no service and nothing of what is stored.
@NullMarked
package dev.graft.objectstore.cdi;

import org.jspecify.annotations.NullMarked;
