/// What clients receive when something goes wrong: RFC 9457 problem details, one catalogue of their kinds, and
/// the mapping of exceptions to them.
///
/// A service throws [dev.graft.problem.ProblemException] where it knows what is wrong, and nothing else; every other
/// exception is mapped here. Nothing here knows a service's resources, tables or topics.
@NullMarked
package dev.graft.problem;

import org.jspecify.annotations.NullMarked;
