import { integerIn, type Random } from "./random.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A version 4 UUID made of the stream's next numbers. */
export function uuidFrom(random: Random): string {
  const hex = Array.from({ length: 32 }, () => integerIn(random, 0, 15).toString(16)).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
