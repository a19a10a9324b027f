/// How services with a database publish and consume events so that rows and events never part: a transactional outbox,
/// and consumers whose effects happen once although records come at least once.
///
/// Publishing: [dev.graft.messaging.Outbox#append] inside a transaction. A relay publishes after the commit, in order.
/// The outbox is our own because the rows must be written by the same Hibernate Reactive session as the rows they speak
/// of; Debezium's needs a connector beside the services, and Quarkus' extension of it needs blocking Hibernate.
///
/// Consuming: a consumer takes batches of raw records and gives them to [dev.graft.messaging.EventIntake]:
///
/// ```java
/// @Incoming("images-ingested")
/// @Blocking // ordered; never @RunOnVirtualThread, which takes several batches at once
/// void consume(ConsumerRecords<String, byte[]> records) {
///     intake.handle("embed-on-arrival", records, (session, events) -> …);
/// }
/// ```
///
/// What a service must configure:
///
/// ```properties
/// quarkus.application.name=ingest-service
/// quarkus.datasource.reactive.additional-properties.search_path=ingest
/// quarkus.flyway.schemas=ingest
/// quarkus.flyway.locations=classpath:db/messaging,classpath:db/migration
/// quarkus.flyway.out-of-order=true
/// quarkus.flyway.migrate-at-start=true
/// quarkus.hibernate-orm.blocking=false
/// quarkus.hibernate-orm.schema-management.strategy=none
/// mp.messaging.incoming.images-ingested.topic=images.ingested.v1
/// mp.messaging.incoming.images-ingested.batch=true
/// mp.messaging.incoming.images-ingested.value.deserializer=dev.graft.events.BoundedBytesDeserializer
/// ```
///
/// The versions of this library's migrations begin with 0, those of a service with 1 or more.
///
/// Nothing here knows a service, or what an event means.
@NullMarked
package dev.graft.messaging;

import org.jspecify.annotations.NullMarked;
