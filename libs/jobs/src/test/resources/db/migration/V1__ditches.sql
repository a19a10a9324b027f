create table ditch (id text primary key, metres integer not null, state text not null);
