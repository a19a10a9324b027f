-- faults: how many of an image's attempts ended by a fault that its worker saw. The others ended with the worker's
-- process.
alter table pending add column faults smallint not null default 0;
