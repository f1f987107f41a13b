/** Values that mean "nobody": they join nobody (catalogue, section 0 and `identity/placeholder-id`). Lower case. */
export const placeholderValues = [
  'null',
  // How iOS prints what is not there.
  '(null)',
  '<null>',
  'undefined',
  'none',
  'nan',
  'nil',
  'n/a',
  'na',
  '0',
  '-1',
  'guest',
  'anonymous',
  'unknown',
  '[object object]',
  '00000000-0000-0000-0000-000000000000',
  'test',
  'test@test.com',
  'test@test.de',
  'a@a.com',
  'no@email.com',
  'none@none.com',
  'noemail@noemail.com',
  'example@example.com',
  'test@example.com',
  'user@example.com',
  'email@example.com',
  'guest@guest.com',
  '+10000000000',
  '+1234567890',
  '+11111111111',
  '+19999999999',
  '0000000000',
  '1234567890',
  '1111111111',
] as const

/** What stands where a push token should be, beside the values that mean nobody. Lower case, without brackets and quotes. */
export const tokenPlaceholders = [
  'token',
  'device_token',
  'device-token',
  'devicetoken',
  'push_token',
  'fcm_token',
  'your_device_token',
  'simulator',
  'pending',
  'true',
  'false',
  '[object promise]',
] as const

/** Mailboxes that belong to a job and not to a person: the part before the `@`. */
export const roleMailboxes = [
  'info',
  'support',
  'sales',
  'admin',
  'administrator',
  'contact',
  'hello',
  'office',
  'mail',
  'service',
  'team',
  'help',
  'billing',
  'accounting',
  'accounts',
  'orders',
  'order',
  'shop',
  'store',
  'noreply',
  'no-reply',
  'donotreply',
  'postmaster',
  'webmaster',
  'marketing',
  'hr',
  'jobs',
  'kontakt',
  'till',
  'pos',
  'reception',
  'booking',
  'bookings',
] as const

/** Domains that no customer has: reserved by RFC 2606 and RFC 6761, and the best known throw-away mail. */
export const testDomains = [
  'example.com',
  'example.org',
  'example.net',
  'test.com',
  'mailinator.com',
  'yopmail.com',
  'guerrillamail.com',
] as const

/** Activity types that are events in the sense of the catalogue. */
export const eventTypes = ['event', 'page', 'screen'] as const

/**
 * Properties that differ between two copies of one event: keys, clocks and counters of the sender. They are left out
 * when two payloads are compared.
 */
export const volatileProperties = [
  'event_id',
  'eventId',
  'message_id',
  'messageId',
  'idempotency_key',
  'idempotencyKey',
  'request_id',
  'requestId',
  'uuid',
  'nonce',
  'timestamp',
  'sent_at',
  'sentAt',
  'received_at',
  'receivedAt',
  'client_timestamp',
  'created_at',
  'retry',
  'attempt',
  'sequence',
  'session_id',
  'sessionId',
] as const

/** The intent of events that the plan does not name but whose name tells: high-frequency noise. Lower case, folded. */
export const noiseNames = [
  'app_opened',
  'application_opened',
  'application_backgrounded',
  'application_foregrounded',
  'session_started',
  'session_start',
  'session_end',
  'screen_view',
  'screen_viewed',
  'page_view',
  'page_viewed',
  'scroll',
  'scrolled',
  'heartbeat',
] as const

/** Events that an app sends when it wakes up, be it in the background; without case and separators. */
export const openNames = [
  'appopened',
  'appopen',
  'openedapp',
  'openapp',
  'applaunched',
  'applaunch',
  'appstarted',
  'appforegrounded',
  'appbackgrounded',
  'applicationopened',
  'applicationlaunched',
  'applicationforegrounded',
  'applicationbackgrounded',
  'sessionstarted',
  'sessionstart',
  'sessionended',
  'sessionend',
] as const

/** ISO 3166-1 alpha-2, officially assigned codes (249), and the one of Kosovo that Unicode, Apple and Shopify use. */
export const countryCodes =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'.split(
    ' ',
  )

/** ISO 4217, active codes of currencies that money is paid in. */
export const currencyCodes =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'.split(
    ' ',
  )

/** Properties that say what a cart is worth, the guide's first. */
export const valueNames = [
  'cart_value',
  'cartValue',
  'cart_total',
  'cartTotal',
  'value',
  'total',
  'total_price',
  'totalPrice',
  'subtotal',
  'amount',
] as const

/** Attributes that mean something to Customer.io itself (API page, section 3.7). */
export const reservedAttributes = [
  'id',
  'email',
  'phone',
  'cio_id',
  'anonymous_id',
  'created_at',
  'unsubscribed',
  'cio_subscription_preferences',
  '_timestamp',
  '_update',
  'cio_relationships',
] as const

/** Properties that say what was paid, the guide's first. */
export const revenueNames = [
  'revenue',
  'total',
  'order_total',
  'orderTotal',
  'total_price',
  'totalPrice',
  'value',
  'amount',
] as const
