import type { ObjectiveResult } from "@runledger/sla";
import { amount, blank, calculated, linked, text } from "./cell.ts";
import { checkWords } from "./emphasis.ts";
import type { Evidence } from "./evidence.ts";
import type { Recount } from "./recount.ts";
import type { Column } from "./sheet.ts";

/** Leads to the rows that prove a verdict. */
export function evidenceColumn({ of }: Evidence): Column<ObjectiveResult> {
  return {
    header: "Evidence",
    note: "Click to see the rows that prove the verdict",
    cell: ({ id }) => {
      const found = of.get(id);
      if (found === undefined) return blank;
      const { count, sheet } = found.rows;
      return linked(
        text(`${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"} of ${sheet}`),
        found.name,
      );
    },
  };
}

/** What a formula counts in these rows; blank where they cannot tell. */
export function recountColumn(
  heading: { header: string; note: string; of: keyof Recount },
  evidence: Evidence,
): Column<ObjectiveResult> {
  const { header, note, of } = heading;
  return {
    header,
    note,
    cell: ({ id, kind }) => {
      const recounted = evidence.of.get(id)?.recount?.[of] ?? null;
      return recounted === null ? blank : calculated(amount(kind, recounted.result), recounted.formula);
    },
  };
}

/** Whether the printed counts are what the formulas count; blank where the rows cannot tell. */
export function checkColumn(
  evidence: Evidence,
  formulaOf: (objective: ObjectiveResult) => string,
): Column<ObjectiveResult> {
  return {
    header: "Check",
    note: "Whether Total and Bad are what formulas count in the rows of evidence; see Objectives",
    format: checkWords,
    cell: (objective) => {
      const recount = evidence.of.get(objective.id)?.recount ?? null;
      if (recount === null) return blank;
      return calculated(text(isSame(recount, objective) ? "agrees" : "differs"), formulaOf(objective));
    },
  };
}

/** The check in a row of Objectives. */
export const checkFormula =
  'IF(AND(ROUND([Bad]-[Bad recounted],6)=0,OR([Total recounted]="",[Total]=[Total recounted])),"agrees","differs")'.replaceAll(
    /\[[^\]]*\]/g,
    (column) => `Objectives[[#This Row],${column}]`,
  );

/** The same in Summary, from the objective's row of Objectives. */
export function checkFromObjectives({ id }: ObjectiveResult, { numbers }: Evidence): string {
  return `INDEX(Objectives[Check],MATCH(${numbers.ofObjective.get(id)},Objectives[Objective number],0))`;
}

/** Seconds have at most six decimals. */
function isSame({ total, bad }: Recount, { share }: ObjectiveResult): boolean {
  const isEqual = (a: number, b: number) => Math.round((a - b) * 1e6) === 0;
  return (
    isEqual(bad.result, share.total - share.good) && (total === null || isEqual(total.result, share.total))
  );
}
