/// What the OpenAPI documents of all services have in common: how every operation refuses.
///
/// Knows no resource.
@NullMarked
package dev.graft.problem.document;

import org.jspecify.annotations.NullMarked;
