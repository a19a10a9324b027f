/// The object store as a bean of a service: its settings, the client that is opened from them and closed at the
/// end, a readiness check, and the folder for files on their way to or from it. A service that can work while object
/// storage is away leaves the check out (`quarkus.arc.exclude-types`).
///
/// Knows no service and nothing of what is stored.
@NullMarked
package dev.graft.objectstore.cdi;

import org.jspecify.annotations.NullMarked;
