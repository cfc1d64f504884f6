import fc from "fast-check";
import { expect, test } from "vitest";
import { recoveryOf } from "../src/score/recovery.ts";
import { fixtureReport } from "../src/testing/fixture-report.ts";

const incident = anyIncident();

/** Divisions differ in their last digit. */
const about = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 6));

/** Incidents by how long each lasts and the time until the next one opens, in milliseconds; the last may be open. */
function incidentsOf(spans: readonly { lasts: number; pause: number }[], isLastOpen: boolean) {
  let at = 0;
  return spans.map(({ lasts, pause }, index) => {
    const openedAt = at;
    at += (lasts + pause) * 1000;
    const isOpen = isLastOpen && index === spans.length - 1;
    return { ...incident, openedAt, closedAt: isOpen ? null : openedAt + lasts * 1000 };
  });
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

test("takes means over closed incidents: of their lengths, and of the pauses from one to the next", () => {
  const span = fc.record({ lasts: fc.nat(1e6), pause: fc.nat(1e6) });
  fc.assert(
    fc.property(fc.array(span, { maxLength: 6 }), fc.boolean(), (spans, isLastOpen) => {
      const closed = isLastOpen ? spans.slice(0, -1) : spans;
      const recovery = recoveryOf(incidentsOf(spans, isLastOpen));
      expect(recovery).toEqual({
        closedIncidents: closed.length,
        meanTimeToRecoverMs: about(mean(closed.map(({ lasts }) => lasts))),
        meanTimeBetweenFailuresMs: about(mean(closed.slice(0, -1).map(({ pause }) => pause))),
      });
    }),
  );
});

function anyIncident() {
  const [first] = fixtureReport().incidents;
  if (first === undefined) throw new Error("the fixture has incidents");
  return first;
}
