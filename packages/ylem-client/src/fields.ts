/** A value received is not what the API is known to send. The message names the field, never its value. */
export class ShapeError extends Error {
  override name = "ShapeError";
}

export type Json = Readonly<Record<string, unknown>>;

export function toObject(value: unknown, name: string): Json {
  if (isObject(value)) return value;
  throw new ShapeError(`${name} is not an object`);
}

export function toArray(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new ShapeError(`${name} is not an array`);
}

export function toBoolean(value: unknown, name: string): boolean {
  if (typeof value === "boolean") return value;
  throw new ShapeError(`${name} is not a boolean`);
}

export function toText(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new ShapeError(`${name} is not text`);
}

export function toFiniteNumber(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ShapeError(`${name} is not a finite number`);
}

export function toInteger(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new ShapeError(`${name} is not a whole number`);
}

/** A duration or a count: whole and not negative. */
export function toNatural(value: unknown, name: string): number {
  const number = toInteger(value, name);
  if (number >= 0) return number;
  throw new ShapeError(`${name} is negative`);
}

/** A UUID in lower case. */
export function toUuid(value: unknown, name: string): string {
  if (typeof value === "string" && isUuid(value)) return value.toLowerCase();
  throw new ShapeError(`${name} is not a UUID`);
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
