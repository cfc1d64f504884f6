import { CHANGED_FIGURES, type ChangedFigure } from "./vocabulary.ts";
import type { FigureChange } from "./weekly-report.ts";

/** An objective's figures as one revision printed them. */
export type Figures = Readonly<Record<ChangedFigure, string | number | null>> & { objective: string };

/** What a revision printed otherwise than the one before: objectives in its order, those that are gone last. */
export function changesBetween(before: readonly Figures[], now: readonly Figures[]): FigureChange[] {
  const earlier = new Map(before.map((figures) => [figures.objective, figures]));
  const later = new Map(now.map((figures) => [figures.objective, figures]));
  return Array.from(new Set([...later.keys(), ...earlier.keys()])).flatMap((objective) =>
    CHANGED_FIGURES.flatMap((figure) => {
      const [was, is] = [earlier.get(objective)?.[figure] ?? null, later.get(objective)?.[figure] ?? null];
      return was === is ? [] : [{ objective, figure, before: was, now: is }];
    }),
  );
}
