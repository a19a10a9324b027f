/// What is checked and bounded of every request before a resource sees it: headers, the size of a body and the pace at
/// which it comes, bodies under way and bytes held in memory at one moment, and how JSON is read.
///
/// Knows HTTP; knows no resource.
@NullMarked
package dev.graft.problem.request;

import org.jspecify.annotations.NullMarked;
