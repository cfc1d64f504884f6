/** A share as an exact fraction of one: 98% is 98 / 100, 99.5% is 995 / 1000. Not reduced. */
export interface Target {
  numerator: number;
  denominator: number;
}

/** Above 0% up to 100%, at most six decimals. */
export const TARGET = /^(?!0+(?:\.0+)?%)(?:100(?:\.0{1,6})?|\d{1,2}(?:\.\d{1,6})?)%$/;

/** How to write a target, to finish the sentence "write …". */
export const TARGET_HINT =
  "a percentage above 0% and up to 100% with at most 6 decimals, such as 98% or 99.5%";

/** @throws {RangeError} when `text` is not written as {@link TARGET} asks for. */
export function parseTarget(text: string): Target {
  if (!TARGET.test(text)) throw new RangeError(`"${text}" is not a target: write ${TARGET_HINT}`);
  const [whole = "", decimals = ""] = text.slice(0, -1).split(".");
  return { numerator: Number(whole + decimals), denominator: 100 * 10 ** decimals.length };
}
