-- What is hashed has changed: the number of the form stands before the hash, so that older ones are compared in theirs.

comment on column runledger.reports.content_hash is 'Of all that the report prints: the form''s number, a colon and a SHA-256; a SHA-256 alone is of version 0.1.0''s form.';
