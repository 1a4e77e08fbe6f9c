import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

builder.scalarType('DateTime', {
  description: 'An instant in RFC 3339, answered in UTC with milliseconds: `2026-11-20T08:15:30.000Z`.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    if (typeof value === 'string' && rfc3339.test(value) && !Number.isNaN(Date.parse(value))) return new Date(value);
    throw new GraphQLError('A DateTime is a text like 2026-11-20T08:15:30Z.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  },
});

builder.scalarType('Decimal', {
  description: 'An exact decimal number as text, for money in USD: `"0.00125"`.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && /^-?\d+(\.\d{1,9})?$/.test(value)) return value;
    throw new GraphQLError('A Decimal is a text like "0.00125", with at most nine decimals.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value that belongs to the user, for example a JSON Schema.',
  serialize: (value) => value,
});
