import type { JsonSchema, OutputFormat } from '../../spec/index.ts';
import { isRecord } from '../json-shape.ts';
import type { OpenAiChatQuirks } from '../provider-profile.ts';

/** The `response_format` field, or undefined for plain text. */
export function encodeOutputFormat(output: OutputFormat | undefined, quirks: OpenAiChatQuirks): unknown {
  if (output?.type !== 'json') return undefined;
  if (!output.schema) return { type: 'json_object' };
  if (quirks.schemaStyle === 'inside-json-object') return { type: 'json_object', schema: output.schema };
  const name = (output.name ?? 'answer').replaceAll(/[^\w-]/g, '_').slice(0, 64);
  return { type: 'json_schema', json_schema: { name, schema: output.schema, strict: isStrictSchema(output.schema) } };
}

/**
 * Whether OpenAI's strict mode accepts a schema: every object closes itself with `additionalProperties: false` and
 * requires all its properties. Asking for strictness with any other schema is an error.
 */
export function isStrictSchema(schema: JsonSchema): boolean {
  return isStrict(schema, 0);
}

function isStrict(schema: unknown, depth: number): boolean {
  if (!isRecord(schema) || depth > 20) return false;
  if (schema.type === 'object' || isRecord(schema.properties)) {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? schema.required : [];
    if (schema.additionalProperties !== false) return false;
    if (!Object.keys(properties).every((name) => required.includes(name))) return false;
    if (!Object.values(properties).every((property) => isStrict(property, depth + 1))) return false;
  }
  if (schema.items !== undefined && !isStrict(schema.items, depth + 1)) return false;
  const nested = [
    schema.anyOf,
    ...[schema.$defs, schema.definitions].map((defs) => (isRecord(defs) ? Object.values(defs) : undefined)),
  ];
  if (schema.allOf !== undefined || schema.oneOf !== undefined) return false;
  return nested.every(
    (list) => list === undefined || (Array.isArray(list) && list.every((entry) => isStrict(entry, depth + 1))),
  );
}
