-- Version 2. What the user says of a drawing is told from what was guessed by its name.
ALTER TABLE files ADD COLUMN discipline_given INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN storey_given INTEGER NOT NULL DEFAULT 0;
