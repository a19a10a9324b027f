/// CloudEvents on Kafka for every service, with or without a database.
///
/// - [dev.graft.events.EventRecords] turns events into records and back, by the CloudEvents SDK.
/// - [dev.graft.events.EventPublisher] publishes; its result says when the broker has the record.
/// - [dev.graft.events.BrokerSettings] gives clients that are opened beside the channels the broker's settings.
/// - [dev.graft.events.delivery.EventDelivery] hands the events of records to a handler, retries what fails, and gives
///   up no record without a dead letter.
///
/// Consumers take their values with [dev.graft.events.BoundedBytesDeserializer], so that a batch of large
/// records fits into memory:
///
/// ```properties
/// mp.messaging.incoming.images-ingested.value.deserializer=dev.graft.events.BoundedBytesDeserializer
/// ```
///
/// Nothing here knows a database, a service, or what an event means.
@NullMarked
package dev.graft.events;

import org.jspecify.annotations.NullMarked;
