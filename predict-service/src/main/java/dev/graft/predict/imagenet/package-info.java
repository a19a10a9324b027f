/// The classifiers of ImageNet that pretrained networks bring along, served under one reserved model name.
///
/// Knows weight sets and networks; knows neither what is in production nor requests.
@NullMarked
package dev.graft.predict.imagenet;

import org.jspecify.annotations.NullMarked;
