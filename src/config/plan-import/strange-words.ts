/** Words of JSON Schema that say something about a value which a plan has no word for. */
export const strangeWords = new Set([
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'minLength',
  'maxLength',
  'multipleOf',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
  'uniqueItems',
  'prefixItems',
  'additionalItems',
  'contains',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'patternProperties',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  '$dynamicRef',
  '$recursiveRef',
])

/** What a word of them says when it asks for nothing. */
export function saysNothing(key: string): boolean | undefined {
  if (/^(?:additional|unevaluated)/.test(key)) return true
  return key === 'uniqueItems' || key.startsWith('exclusive') ? false : undefined
}
