-- Which epoch and step a run is at, and how fast it goes on.
alter table training_run
    add column epoch integer,
    add column step integer,
    add column images_per_second double precision,
    add column seconds_left double precision;
