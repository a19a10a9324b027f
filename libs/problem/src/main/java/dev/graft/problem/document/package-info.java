/// What the OpenAPI documents of all services say alike: how every operation refuses.
///
/// Knows no resource.
@NullMarked
package dev.graft.problem.document;

import org.jspecify.annotations.NullMarked;
