-- The value that an envelope held, in the form of ContentCodec: key and value, each behind its length plus one as an
-- unsigned LEB128 number, 0 for null. Null where it held none.
CREATE FUNCTION letter_unwrapped_value(unwrapped bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  at integer := 0;                           -- behind what was read, from 0
  length integer := 0;
  shift integer;
  byte integer;
BEGIN
  FOR part IN 1..2 LOOP
    at := at + greatest(length - 1, 0);
    length := 0;
    shift := 0;
    LOOP
      byte := get_byte(unwrapped, at);
      at := at + 1;
      length := length | ((byte & 127) << shift);
      EXIT WHEN byte < 128;
      shift := shift + 7;
    END LOOP;
  END LOOP;
  RETURN CASE WHEN length > 0 THEN substring(unwrapped FROM at + 1 FOR length - 1) END;
END $$;
