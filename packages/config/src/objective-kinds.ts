/** What an objective may measure. A new kind starts here: the compiler asks for the rest. */
export const OBJECTIVE_KINDS = ["success", "duration", "deadline", "freshness", "volume"] as const;

export type ObjectiveKind = (typeof OBJECTIVE_KINDS)[number];
