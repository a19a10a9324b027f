/// Hostile requests, made from a service's own OpenAPI document, so that a new operation is tried without a new line.
///
/// Speaks HTTP by sockets: a client library would mend what is to be wrong. Knows no service.
@NullMarked
package dev.graft.testkit.http;

import org.jspecify.annotations.NullMarked;
