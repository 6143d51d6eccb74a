-- of_person
-- List a person's addresses of a medium, the first to try first.
SELECT person, medium, address, place, language FROM address
WHERE person = :person AND medium = :medium ORDER BY place, address;

-- all_of_person
-- List all of a person's addresses.
SELECT person, medium, address, place, language FROM address
WHERE person = :person ORDER BY medium, place, address;

-- of_address
-- List who is enrolled under an address.
SELECT person, medium, address, place, language FROM address
WHERE medium = :medium AND address = :address ORDER BY person;

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
