/** The nine questions of the launch checklist, in the order in which every report shows them. */
export const checklist = {
  'canonical-identifier': 'Is one identifier chosen and used consistently?',
  'identify-at-login': 'Is identify called right after login or signup, with the key attributes?',
  'anonymous-merge': 'Does anonymous activity end up on the known profile?',
  'devices-on-messaged-profile': 'Do device tokens sit on the profile that is messaged?',
  'push-permission': 'Is the push permission state tracked and usable in segments?',
  'event-taxonomy': 'Do the retention-critical events exist under stable names?',
  'event-properties': 'Do events carry the ids and values that personalisation needs, with the right types?',
  'event-dedupe': 'Is there working protection against duplicate events?',
  'spot-check': 'For real people: does the cart event sit on the right profile, with a deliverable device?',
} as const

export type ChecklistItem = keyof typeof checklist
export const checklistItems = Object.keys(checklist) as ChecklistItem[]
