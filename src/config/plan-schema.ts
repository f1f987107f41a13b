import { z } from 'zod'
import { audiences, intents, propertyTypes } from '../core/plan.ts'
import { entry, named } from './named.ts'
import { checkValue, type ParsedProperty } from './plan-checks.ts'
import { pattern, text, texts } from './values.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()], 'a text, a number, true or false')
const enumeration = 'a list of at least one value'

const value = {
  type: z.enum(propertyTypes).describe('What the value must read as.'),
  required: z.boolean().default(false).describe('Its absence is a defect.'),
  recommended: z.boolean().default(false).describe('Its absence is told, and fails nothing.'),
  enum: z
    .array(scalar, enumeration)
    .min(1, enumeration)
    .exactOptional()
    .describe('The values that it may have.'),
  min: z.number().exactOptional().describe('The smallest number that it may be.'),
  max: z.number().exactOptional().describe('The largest number that it may be.'),
  pattern: pattern.exactOptional().describe('A regular expression (RE2) that the whole text must match.'),
}

/** A property may hold properties: the type has to be spelt out where a schema refers to itself. */
const property: z.ZodType<ParsedProperty> = z
  .lazy(() =>
    entry(
      z
        .strictObject({
          ...value,
          properties: named(property).exactOptional().describe('The keys of an object.'),
          items: named(property).exactOptional().describe('The keys of each element of an array of objects.'),
        })
        .check(checkValue),
    ),
  )
  .meta({ id: 'property' })

const attribute = entry(
  z
    .strictObject({
      ...value,
      appliesTo: z.enum(audiences).default('known').describe('Over whom its absence is counted.'),
      derivedFrom: text
        .exactOptional()
        .describe('The event whose newest time this attribute tells, in Unix seconds.'),
    })
    .check(checkValue),
)

const event = entry(
  z.strictObject({
    intent: z
      .enum(intents)
      .nullable()
      .default(null)
      .describe('What the event means to a retention programme.'),
    critical: z.boolean().default(false).describe('Journeys depend on it: not seeing it is an error.'),
    dedupeKey: text
      .nullable()
      .default(null)
      .describe('The property that is the same when an event is sent twice.'),
    aliases: texts.default([]).describe('Former names of the event.'),
    properties: named(property).prefault({}).describe('Its properties by name.'),
  }),
)

const version = 'a version such as 1.2.0'

/** `tracking-plan.yaml`, as section 4 of the contracts describes it. */
export const planSchema = z
  .strictObject({
    version: z
      .union([z.string(version).regex(/^v?\d+(\.\d+){0,2}([-+][\w.+-]+)?$/, version), z.number(version)])
      .default('0.0.0')
      .describe('Of the plan: major.minor.patch.'),
    attributes: named(attribute).prefault({}).describe('Attributes of people by name.'),
    events: named(event).prefault({}).describe('Events by name.'),
  })
  .describe('The tracking plan: which attributes and events a workspace must hold, and with which types.')

export type ParsedPlan = z.output<typeof planSchema>
