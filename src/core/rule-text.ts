/** What a rule's page says of it, for formats that explain a finding to whoever has never heard of the rule. */
export interface RuleText {
  /** Healthy: "No two profiles share an e-mail address". */
  readonly title: string
  /** Failing: "Some profiles share an e-mail address". */
  readonly failureTitle: string
  readonly why: string
  readonly decides: string
  readonly blind: string
  readonly mend: string
}
