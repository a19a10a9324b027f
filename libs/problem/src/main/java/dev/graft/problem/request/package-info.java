/// What is checked and bounded of every request before a resource sees it: headers, the size of a body and the pace at
/// which it comes, bodies under way and bytes held in memory at one moment, and how JSON is read.
///
/// These bounds are no bulkheads of SmallRye Fault Tolerance. A bulkhead counts calls of a method: it begins when the
/// body has been read, which is what is bounded here; it counts a request of one byte like one of a gigabyte; and it
/// cannot end the slowest of those under way to let another in. Where calls are all alike and work begins with the
/// call, as with dead letters, the bulkhead is used.
///
/// Knows HTTP; knows no resource.
@NullMarked
package dev.graft.problem.request;

import org.jspecify.annotations.NullMarked;
