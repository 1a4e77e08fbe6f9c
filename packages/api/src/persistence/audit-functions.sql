-- The audit log inside the database. Installed when the server starts and whenever this file, the list of audited
-- tables or a migration is new (audit-triggers.ts). Everything here may be run again.

-- One field of what is hashed: its length in bytes, a colon, the text; a dash for no value. Nothing can pass as another.
CREATE OR REPLACE FUNCTION audit_field(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN value IS NULL THEN '-' ELSE octet_length(convert_to(value, 'UTF8'))::text || ':' || value END
$$;

-- Long values are kept by their hash and length: the log is no second copy of datasets and workflows.
CREATE OR REPLACE FUNCTION audit_shorten(row_values jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_object_agg(key, CASE
    WHEN length(value::text) <= 16384 THEN value
    ELSE jsonb_build_object('$sha256', encode(sha256(convert_to(value::text, 'UTF8')), 'hex'), '$length', length(value::text))
  END), '{}'::jsonb)
  FROM jsonb_each(row_values)
$$;

-- Adds an entry to the chain of a team. The row of the head is locked until the transaction ends.
CREATE OR REPLACE FUNCTION audit_append(
  team text, kind_of_object text, id_of_object text, name_of_object text, what text, default_action text, content jsonb,
  user_of_row text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  actor jsonb := coalesce(nullif(current_setting('switchyard.actor', true), ''), '{}')::jsonb;
  head audit_head%ROWTYPE;
  entry audit_entry%ROWTYPE;
BEGIN
  IF team IS NULL THEN RETURN NULL; END IF;
  entry."id" := 'aud_' || replace(gen_random_uuid()::text, '-', '');
  entry."teamId" := team;
  entry."actorKind" := coalesce(actor->>'kind', 'SYSTEM');
  entry."actorUserId" := actor->>'userId';
  entry."actorApiKeyId" := actor->>'apiKeyId';
  IF entry."actorKind" = 'PERSON' AND entry."actorUserId" IS NULL THEN entry."actorUserId" := user_of_row; END IF;
  entry."actorName" := coalesce(
    actor->>'name',
    CASE entry."actorKind"
      WHEN 'PERSON' THEN (SELECT u."name" FROM "user" u WHERE u."id" = entry."actorUserId")
      WHEN 'KEY' THEN (SELECT k."name" FROM "api_key" k WHERE k."id" = entry."actorApiKeyId")
      WHEN 'FILE' THEN 'switchyard.yaml'
      ELSE 'Switchyard'
    END,
    'unknown'
  );
  entry."reason" := actor->>'reason';
  entry."ipAddress" := actor->>'ipAddress';
  entry."userAgent" := actor->>'userAgent';
  entry."requestId" := actor->>'requestId';
  entry."action" := coalesce(actor->>'action', default_action);
  entry."operation" := what;
  entry."objectType" := kind_of_object;
  entry."objectId" := id_of_object;
  entry."objectName" := left(name_of_object, 300);
  entry."revertsSeq" := (actor->>'revertsSeq')::integer;
  entry."payload" := content::text;
  PERFORM set_config('switchyard.audit_write', 'on', true);
  INSERT INTO audit_head ("teamId", "seq", "hash", "anchorSeq", "anchorHash")
    VALUES (team, 0, repeat('0', 64), 0, repeat('0', 64)) ON CONFLICT ("teamId") DO NOTHING;
  SELECT * INTO head FROM audit_head h WHERE h."teamId" = team FOR UPDATE;
  -- Behind the lock: times within a chain do not go back, but for the clock's own jumps.
  entry."at" := date_trunc('milliseconds', clock_timestamp() AT TIME ZONE 'UTC');
  entry."seq" := head."seq" + 1;
  entry."previousHash" := head."hash";
  entry."hash" := encode(sha256(convert_to(concat(
    audit_field(entry."previousHash"), audit_field(entry."teamId"), audit_field(entry."seq"::text),
    audit_field(to_char(entry."at", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
    audit_field(entry."actorKind"), audit_field(entry."actorUserId"), audit_field(entry."actorApiKeyId"),
    audit_field(entry."actorName"), audit_field(entry."reason"), audit_field(entry."ipAddress"),
    audit_field(entry."userAgent"), audit_field(entry."requestId"), audit_field(entry."action"),
    audit_field(entry."operation"), audit_field(entry."objectType"), audit_field(entry."objectId"),
    audit_field(entry."objectName"), audit_field(entry."revertsSeq"::text), audit_field(entry."payload")
  ), 'UTF8')), 'hex');
  INSERT INTO audit_entry SELECT entry.*;
  UPDATE audit_head h SET "seq" = entry."seq", "hash" = entry."hash" WHERE h."teamId" = team;
  PERFORM set_config('switchyard.audit_write', '', true);
  RETURN entry."seq";
END
$$;

-- Removes the entries of a team up to a number; the hash there stays as the anchor of the rest. Returns how many went.
CREATE OR REPLACE FUNCTION audit_prune(team text, until_seq integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  head audit_head%ROWTYPE;
  anchor text;
  removed integer;
BEGIN
  PERFORM audit_append(team, 'AuditLog', NULL, NULL, 'EVENT', 'prunedAuditLog',
    jsonb_build_object('details', jsonb_build_object('untilSeq', until_seq)), NULL);
  SELECT * INTO head FROM audit_head h WHERE h."teamId" = team FOR UPDATE;
  SELECT e."hash" INTO anchor FROM audit_entry e WHERE e."teamId" = team AND e."seq" = until_seq;
  IF anchor IS NULL OR until_seq <= head."anchorSeq" THEN RAISE EXCEPTION 'There is no entry % to cut at.', until_seq; END IF;
  PERFORM set_config('switchyard.audit_write', 'on', true);
  UPDATE audit_head h SET "anchorSeq" = until_seq, "anchorHash" = anchor WHERE h."teamId" = team;
  DELETE FROM audit_entry e WHERE e."teamId" = team AND e."seq" <= until_seq;
  GET DIAGNOSTICS removed = ROW_COUNT;
  PERFORM set_config('switchyard.audit_write', '', true);
  RETURN removed;
END
$$;

CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('switchyard.audit_write', true), '') = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The audit log cannot be changed: % on % is refused.', TG_OP, TG_TABLE_NAME;
END
$$;

CREATE OR REPLACE FUNCTION audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log cannot be changed: % on % is refused.', TG_OP, TG_TABLE_NAME;
END
$$;

CREATE OR REPLACE TRIGGER audit_refuse BEFORE INSERT OR UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_refuse BEFORE INSERT OR UPDATE OR DELETE ON audit_head
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_truncate();
CREATE OR REPLACE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_truncate();

-- What happened to one row. Runs when the transaction is about to end (deferred): the lock of the chain is the last one
-- that a transaction takes, so that two of them cannot wait for each other. Its one argument is the table's place in
-- the list of audited tables, as JSON.
CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  rule jsonb := TG_ARGV[0]::jsonb;
  old_row jsonb := '{}';
  new_row jsonb := '{}';
  before_values jsonb;
  after_values jsonb;
  secrets jsonb;
  row_values jsonb;
  content jsonb;
  object_id text;
  object_name text;
  user_id text;
  member_team text;
BEGIN
  IF (rule->>'actedOnly')::boolean
    AND coalesce(nullif(current_setting('switchyard.actor', true), ''), '{}')::jsonb->>'kind' IS DISTINCT FROM 'PERSON'
    AND coalesce(nullif(current_setting('switchyard.actor', true), ''), '{}')::jsonb->>'kind' IS DISTINCT FROM 'KEY'
  THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
  row_values := CASE TG_OP WHEN 'DELETE' THEN old_row ELSE new_row END;
  -- A team that was deleted is taken away piece by piece: the entry of the deletion stands for all of it.
  IF TG_OP = 'DELETE' AND rule->>'team' <> '$user' AND EXISTS (
    SELECT 1 FROM "team" t WHERE t."id" = row_values->>(rule->>'team') AND t."deletedAt" IS NOT NULL
  ) THEN RETURN NULL; END IF;
  SELECT jsonb_object_agg(c.name, old_row->c.name), jsonb_object_agg(c.name, new_row->c.name) INTO before_values, after_values
    FROM jsonb_array_elements_text(rule->'columns') AS c(name)
    WHERE TG_OP <> 'UPDATE' OR old_row->c.name IS DISTINCT FROM new_row->c.name;
  SELECT jsonb_agg(s.name) INTO secrets FROM jsonb_array_elements_text(rule->'secrets') AS s(name)
    WHERE coalesce(old_row->s.name, 'null') IS DISTINCT FROM coalesce(new_row->s.name, 'null');
  IF TG_OP = 'UPDATE' AND before_values IS NULL AND secrets IS NULL THEN RETURN NULL; END IF;
  content := jsonb_strip_nulls(jsonb_build_object('secrets', secrets));
  IF TG_OP <> 'INSERT' THEN
    content := content || jsonb_build_object('before', audit_shorten(coalesce(before_values, '{}')));
  END IF;
  IF TG_OP <> 'DELETE' THEN
    content := content || jsonb_build_object('after', audit_shorten(coalesce(after_values, '{}')));
  END IF;
  SELECT string_agg(row_values->>k.name, '/' ORDER BY k.place) INTO object_id
    FROM jsonb_array_elements_text(rule->'keys') WITH ORDINALITY AS k(name, place);
  object_name := row_values->>(rule->>'name');
  user_id := row_values->>(rule->>'user');
  IF user_id IS NOT NULL THEN
    SELECT u."name" INTO object_name FROM "user" u WHERE u."id" = user_id;
  END IF;
  IF rule->>'team' = '$user' THEN
    -- People belong to several teams; each one is told.
    FOR member_team IN SELECT m."teamId" FROM "member" m WHERE m."userId" = user_id ORDER BY m."teamId" LOOP
      PERFORM audit_append(member_team, rule->>'type', object_id, object_name, TG_OP, lower(TG_OP) || (rule->>'type'), content, user_id);
    END LOOP;
  ELSE
    PERFORM audit_append(row_values->>(rule->>'team'), rule->>'type', object_id, object_name, TG_OP,
      lower(TG_OP) || (rule->>'type'), content, user_id);
  END IF;
  RETURN NULL;
END
$$;

-- Attaches the triggers: `rules` is { table: { type, team, keys, name?, user?, operations, columns?, quiet, secrets, actedOnly } }.
CREATE OR REPLACE FUNCTION audit_attach(rules jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  attached record;
  rule record;
  watched text[];
  secret text[];
  events text[];
BEGIN
  FOR attached IN
    SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE t.tgname = 'audit_row' AND n.nspname = current_schema()
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %I', attached.tgname, attached.relname);
  END LOOP;
  FOR rule IN SELECT key AS name, value FROM jsonb_each(rules) LOOP
    secret := ARRAY(SELECT jsonb_array_elements_text(rule.value->'secrets'));
    SELECT array_agg(c.column_name::text ORDER BY c.ordinal_position) INTO watched FROM information_schema.columns c
      WHERE c.table_schema = current_schema() AND c.table_name = rule.name AND NOT c.column_name = ANY(secret)
        AND NOT rule.value->'quiet' ? c.column_name
        AND (NOT rule.value ? 'columns' OR rule.value->'columns' ? c.column_name);
    IF watched IS NULL THEN RAISE EXCEPTION 'The audited table % is not there.', rule.name; END IF;
    SELECT array_agg(CASE o.name
        WHEN 'UPDATE' THEN 'UPDATE OF ' || (SELECT string_agg(quote_ident(w), ', ') FROM unnest(watched || secret) AS w)
        ELSE o.name END) INTO events
      FROM jsonb_array_elements_text(rule.value->'operations') AS o(name);
    EXECUTE format(
      'CREATE CONSTRAINT TRIGGER audit_row AFTER %s ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
      array_to_string(events, ' OR '), rule.name,
      (rule.value - 'quiet' - 'operations' || jsonb_build_object('columns', to_jsonb(watched), 'secrets', to_jsonb(secret)))::text
    );
  END LOOP;
END
$$;
