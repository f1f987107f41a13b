/** `safe`: nothing that the audit can see is lost or contradicts. `review`: somebody should look first. */
export type Safety = 'safe' | 'review'

export interface MergeSide {
  readonly cio_id: string
  readonly id: string | null
  readonly email: string | null
  /** How Customer.io finds the profile; null where it may not be shown (masked). Never the e-mail: both sides have it. */
  readonly identity: { readonly cio_id: string } | { readonly id: string } | null
}

/** A device of the secondary that the primary does not hold: a merge is not known to carry it over. */
export interface MovedDevice {
  readonly token: string
  readonly platform: string | null
  /** Unix seconds. */
  readonly lastUsed: number | null
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

/** One profile that could be merged into another one of the same person. Only ever a suggestion. */
export interface MergeSuggestion {
  readonly primary: MergeSide
  readonly secondary: MergeSide
  readonly safety: Safety
  /** By what the secondary was joined to the others of the person: `email, phone`. */
  readonly joinedBy: string
  /** Why the primary is the one to keep: `canonical-id`, `device`, `activity`, `age` or `none`. */
  readonly keptBecause: string
  /** Why it is not `safe`; empty where it is. */
  readonly review: readonly string[]
  /** Names of attributes that both have with different values: the secondary's are lost. */
  readonly conflicts: readonly string[]
  /** Null where they may not be shown (masked). */
  readonly devices: readonly MovedDevice[] | null
}
