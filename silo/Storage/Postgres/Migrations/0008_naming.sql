-- The service names a chat once: whatever became of it, it does not try again.
ALTER TABLE chat ADD COLUMN naming_tried boolean NOT NULL DEFAULT false;
