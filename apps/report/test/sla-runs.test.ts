import fc from "fast-check";
import { expect, it } from "vitest";
import { orders, run, runsOf } from "./sla-fixture.ts";

it("puts runs in order of finish, those that finish together by UUID, and changes nothing of them", () => {
  const many = fc.array(fc.record({ second: fc.nat(9), runUuid: fc.uuid(), isSuccessful: fc.boolean() }), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(many, (made) => {
      const list = made.map(({ second, ...rest }) =>
        run(`2026-03-16T06:00:0${second}.000Z`, {
          ...rest,
          errorMessage: rest.isSuccessful ? null : rest.runUuid,
        }),
      );
      const sorted = runsOf(orders.uuid, list).inOrder();
      expect(Array.from({ length: sorted.length }, (_, index) => sorted.at(index))).toEqual(
        list.toSorted(
          (a, b) => a.finishedAt.getTime() - b.finishedAt.getTime() || (a.runUuid < b.runUuid ? -1 : 1),
        ),
      );
    }),
  );
});
