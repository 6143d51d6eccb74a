-- Places and their names, made once from packages and then only read.
-- application_id says "CLGZ"; the file is named after what it was made from.

-- What it was made from and what is in it, as JSON under one name each.
CREATE TABLE about (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a place. A larger rank is offered first: twice the people and one for
-- where people live, twice those of the town it is called like for an airfield.
CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    people INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    country TEXT NOT NULL,
    area TEXT NOT NULL,
    lon REAL NOT NULL,
    lat REAL NOT NULL,
    source TEXT NOT NULL
) STRICT;

-- Every name of a place, in the form names are compared in. An airfield serves a
-- town where it answers to the town's name only if its kind is said.
CREATE TABLE name (
    key TEXT NOT NULL,
    place INTEGER NOT NULL,
    is_served INTEGER NOT NULL,
    PRIMARY KEY (key, place)
) STRICT, WITHOUT ROWID;

-- A country, whose area is empty, or one of its first-order areas.
CREATE TABLE area (
    country TEXT NOT NULL,
    area TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (country, area)
) STRICT, WITHOUT ROWID;

-- Every name of a country or an area, in the form names are compared in.
CREATE TABLE area_name (
    key TEXT NOT NULL,
    country TEXT NOT NULL,
    area TEXT NOT NULL,
    PRIMARY KEY (key, country, area)
) STRICT, WITHOUT ROWID;

-- What a place is called in Arabic, where Arabic is a language of its country. Names
-- come without their languages: it is the shortest in letters Arabic has.
CREATE TABLE arabic (
    place INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;
