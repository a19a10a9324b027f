/// What all resources of the service share: pages, names of requests that may come twice, checks of parameters.
///
/// Nothing here knows a feature.
@NullMarked
package dev.graft.ingest.http;

import org.jspecify.annotations.NullMarked;
