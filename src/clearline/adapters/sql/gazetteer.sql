-- add_about
-- Say one thing about the file.
INSERT INTO about (name, value) VALUES (?, ?);

-- add_place
-- Add one place.
INSERT INTO place (id, name, kind, people, rank, country, area, lon, lat, source)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- add_name
-- Add one name of a place.
INSERT INTO name (key, place, is_served) VALUES (?, ?, ?);

-- add_area
-- Add one country or area.
INSERT INTO area (country, area, name) VALUES (?, ?, ?);

-- add_area_name
-- Add one name of a country or an area.
INSERT INTO area_name (key, country, area) VALUES (?, ?, ?);

-- add_arabic
-- Add what one place is called in Arabic.
INSERT INTO arabic (place, name) VALUES (?, ?);

-- add_order
-- Put the places in order of latitude, for those near a position (what lies beside it
-- is told apart without reading the row), and of people, for the largest of a wide view.
CREATE INDEX place_by_lat ON place (lat, lon, kind);
CREATE INDEX place_by_people ON place (people);

-- read_about
-- Read what the file says about itself.
SELECT value FROM about WHERE name = :name;

-- named
-- Read the places of a name, largest first.
SELECT
    place.name, place.kind, place.people, place.country,
    coalesce(land.name, ''), place.area, coalesce(area.name, ''),
    place.lon, place.lat, place.source, name.is_served
FROM name
JOIN place ON place.id = name.place
LEFT JOIN area AS land ON land.country = place.country AND land.area = ''
LEFT JOIN area ON area.country = place.country AND area.area = place.area
    AND place.area <> ''
WHERE name.key = :key
ORDER BY place.rank DESC, place.id;

-- areas
-- Read the countries and areas of a name.
SELECT country, area FROM area_name WHERE key = :key ORDER BY country, area;

-- known
-- Read the largest places under any of many names.
SELECT place.name, coalesce(land.name, '')
FROM name
JOIN place ON place.id = name.place
LEFT JOIN area AS land ON land.country = place.country AND land.area = ''
WHERE name.key IN (SELECT value FROM json_each(:keys)) AND NOT name.is_served
GROUP BY place.name, land.name
ORDER BY max(place.rank) DESC, place.name
LIMIT :most;

-- near
-- Read the places where people live within a box, nearest first by the chord to a
-- point of the unit sphere.
WITH near (id, chord) AS (
    SELECT
        id,
        pow(cos(radians(lat)) * cos(radians(lon)) - :x, 2)
        + pow(cos(radians(lat)) * sin(radians(lon)) - :y, 2)
        + pow(sin(radians(lat)) - :z, 2)
    FROM place
    WHERE lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east
        AND kind <> 'airfield'
    ORDER BY 2, 1
    LIMIT :count
)
SELECT
    place.name, place.kind, place.people, place.country,
    coalesce(land.name, ''), place.area, coalesce(area.name, ''),
    place.lon, place.lat, place.source, 0
FROM near
JOIN place ON place.id = near.id
LEFT JOIN area AS land ON land.country = place.country AND land.area = ''
LEFT JOIN area ON area.country = place.country AND area.area = place.area
    AND place.area <> ''
ORDER BY near.chord, place.id;

-- largest
-- Read the largest places where people live in a narrow band of latitude. Where west
-- is greater than east, the band goes on across 180.
SELECT
    place.name, coalesce(arabic.name, ''), place.lon, place.lat, place.people,
    place.country
FROM place INDEXED BY place_by_lat
LEFT JOIN arabic ON arabic.place = place.id
WHERE lat BETWEEN :south AND :north AND kind <> 'airfield' AND CASE
    WHEN :west <= :east THEN lon BETWEEN :west AND :east
    ELSE lon >= :west OR lon <= :east
END
ORDER BY people DESC, id
LIMIT :most;

-- largest_of_many
-- Read the same for a wide view: down from the largest, until there are enough.
SELECT
    place.name, coalesce(arabic.name, ''), place.lon, place.lat, place.people,
    place.country
FROM place INDEXED BY place_by_people
LEFT JOIN arabic ON arabic.place = place.id
WHERE lat BETWEEN :south AND :north AND kind <> 'airfield' AND CASE
    WHEN :west <= :east THEN lon BETWEEN :west AND :east
    ELSE lon >= :west OR lon <= :east
END
ORDER BY people DESC
LIMIT :most;
