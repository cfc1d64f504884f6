/** What one check found. */
export interface Finding {
  check: string;
  state: "ok" | "warning" | "problem";
  /** What is so. */
  text: string;
  /** How to mend it; null where there is nothing to. */
  mend: string | null;
  /** Who has to mend a problem: whoever set Runledger up, or whoever runs what it depends on. */
  lies: "in the set-up" | "around it";
}

type Detail = Omit<Finding, "check" | "state" | "text">;

export function ok(check: string, text: string): Finding {
  return { check, state: "ok", text, mend: null, lies: "around it" };
}

export function warning(check: string, text: string, mend: string): Finding {
  return { check, state: "warning", text, mend, lies: "around it" };
}

export function problem(check: string, text: string, { mend, lies }: Detail): Finding {
  return { check, state: "problem", text, mend, lies };
}
