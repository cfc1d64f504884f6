/** What a failed task leaves as its output, in an array. */
export interface Failure {
  readonly code: number;
  readonly severity: "error" | "fatal";
  readonly message: string;
}

export const GATEWAY_DOWN: Failure = {
  code: 503,
  severity: "fatal",
  message:
    "POST https://gateway.payments.example/v2/settlements: 503 Service Unavailable (upstream connect error)",
};

/** Of every language and length that a report has to cope with. */
export const EVERYDAY_FAILURES: readonly Failure[] = [
  { code: 1205, severity: "error", message: "Lock wait timeout exceeded; try restarting transaction" },
  { code: 401, severity: "error", message: "invalid_grant: refresh token has expired" },
  {
    code: 429,
    severity: "error",
    message: "Rate limit of api.crm.example reached: 100 requests per 10 seconds",
  },
  {
    code: 22007,
    severity: "error",
    message: 'invalid input syntax for type date: "31.02.2026" in column "Fälligkeitsdatum" (Zeile 4 711)',
  },
  { code: 42703, severity: "fatal", message: 'column "customer_segment" does not exist' },
  {
    code: 500,
    severity: "error",
    message: "Übertragung abgebrochen: Größe der Datei „Umsätze.csv“ unbekannt 😕",
  },
  { code: 53300, severity: "fatal", message: "sorry, too many clients already" },
  {
    code: 110,
    severity: "error",
    message: "dial tcp 10.20.4.17:5432: connect: connection timed out after 30s",
  },
  {
    code: 422,
    severity: "error",
    message: `Validation failed for 118 of 2,400 records: ${Array.from(
      { length: 118 },
      (_, record) => `record ${record * 20 + 7}: "vat_id" must match ^[A-Z]{2}[0-9A-Z]{2,12}$`,
    ).join("; ")}`,
  },
];
