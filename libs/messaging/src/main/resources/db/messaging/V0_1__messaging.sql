-- Events that were committed and are not yet told to the broker, in the order in which they happened.
create table outbox (
    position    bigint generated always as identity primary key,
    event_id    text        not null unique,
    topic       text        not null,
    record_key  text        not null,
    headers     text        not null,
    body        text        not null,
    recorded_at timestamptz not null default now()
);

-- Events whose effects are committed, by the consumer that had them.
create table processed_event (
    consumer     text        not null,
    event_id     text        not null,
    processed_at timestamptz not null default now(),
    primary key (consumer, event_id)
);

create index processed_event_by_age on processed_event (processed_at);
