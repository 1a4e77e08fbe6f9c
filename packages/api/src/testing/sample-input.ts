import {
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Things that every team has under the same id. */
const samples: Readonly<Record<string, unknown>> = {
  DateTime: '2100-01-01T00:00:00Z',
  Decimal: '1',
  JSON: {},
  Int: 1,
  Float: 1,
  Boolean: false,
  // Refused by most that take a name, and found by nothing.
  String: '!',
};

/**
 * A value that fits the type, so that a field is reached: every id is `id`, and what need not be given is left out. It says
 * nothing sensible: whoever is allowed gets another refusal than FORBIDDEN.
 */
export function sampleValue(type: GraphQLInputType, id: string): unknown {
  const given = getNullableType(type);
  // An empty list reaches the field as well, and asks for nothing that somebody may or may not give.
  if (isListType(given)) return getNamedType(given).name === 'ID' ? [id] : [];
  const named = getNamedType(given);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (isInputObjectType(named)) {
    const fields = Object.values(named.getFields());
    // Of a @oneOf exactly one is given.
    const needed = named.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
    return Object.fromEntries(needed.map((field) => [field.name, sampleValue(field.type, id)]));
  }
  return named.name === 'ID' ? id : samples[named.name];
}

/** Whether a value of the type must hold an id. */
export const takesId = (type: GraphQLInputType): boolean => {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return named.name === 'ID';
  return Object.values(named.getFields()).some((field) => isNonNullType(field.type) && takesId(field.type));
};

/** What of a type can be asked for without more words. */
export const plainFields = (type: GraphQLOutputType) => {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const plain = Object.values(named.getFields()).filter(
    ({ args, type: own }) => args.length === 0 && isLeafType(getNamedType(own)),
  );
  return plain.map(({ name }) => name).join(' ');
};
