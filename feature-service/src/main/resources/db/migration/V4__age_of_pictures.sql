-- asked_at: since when an image waits. The oldest is found by the index, however long the queue is.
alter table pending add column asked_at timestamptz not null default now();
create index pending_by_age on pending (asked_at);
