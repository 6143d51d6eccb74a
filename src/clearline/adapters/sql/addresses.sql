-- all
-- Read every address, each person's in the order to try.
SELECT person, medium, address, place, language FROM address
ORDER BY person, medium, place, address;

-- keep
-- Enter an address, or change its place or language.
INSERT INTO address (person, medium, address, place, language)
VALUES (:person, :medium, :address, :place, :language)
ON CONFLICT (person, medium, address)
DO UPDATE SET place = excluded.place, language = excluded.language;

-- drop
-- Take an address out.
DELETE FROM address
WHERE person = :person AND medium = :medium AND address = :address;
