create table spoon (
    name  text primary key,
    count integer not null
);
