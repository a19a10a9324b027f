/// How services tell and hear events so that rows and events never part: a transactional outbox, and consumers whose
/// effects happen once although records come at least once.
///
/// Telling: [dev.graft.messaging.Outbox#append] inside a transaction. A relay publishes after the commit, in order.
///
/// Hearing: a consumer takes batches of raw records and gives them to [dev.graft.messaging.EventIntake]:
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
/// ```
///
/// The versions of this library's migrations begin with 0, those of a service with 1 or more.
///
/// Nothing here knows a service, or what an event means.
@NullMarked
package dev.graft.messaging;

import org.jspecify.annotations.NullMarked;
