import { isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { z } from "zod";

type Schema = z.core.JSONSchema.BaseSchema;

/**
 * Puts above each key of a YAML node what its schema says of it, in place, and lays the node out for reading.
 * `explained` holds what has been said already: nothing is said twice.
 */
export function annotate(node: unknown, schema: Schema, explained = new Set<string>()): void {
  if (isMap(node)) annotateKeys(node, schema, explained);
  if (isSeq(node)) annotateElements(node, schema, explained);
}

function annotateKeys(map: YAMLMap, schema: Schema, explained: Set<string>): void {
  const properties = formOf(map, schema).properties ?? {};
  for (const [index, { key, value }] of map.items.entries()) {
    if (!isScalar(key)) continue;
    const property = schemaOrEmpty(properties[String(key.value)]);
    const comment = commentFor(property);
    if (comment !== undefined && !explained.has(comment)) {
      explained.add(comment);
      // Above the first key of a list's element it would stand between the dash and the key.
      (index === 0 ? map : key).commentBefore = comment;
    }
    if (isSeq(value)) layOut(key, value);
    annotate(value, property, explained);
  }
}

function annotateElements(list: YAMLSeq, schema: Schema, explained: Set<string>): void {
  for (const item of list.items) annotate(item, schemaOrEmpty(schema.items), explained);
}

/** A list of single values stands on one line, any other has an empty line above it. */
function layOut(key: Scalar, list: YAMLSeq): void {
  list.flow = list.items.every((item) => isScalar(item));
  key.spaceBefore = !list.flow;
}

/** Of the forms a mapping may have, the one that knows all its keys. */
function formOf(map: YAMLMap, schema: Schema): Schema {
  const forms = schema.anyOf?.map(schemaOrEmpty) ?? [schema];
  return (
    forms.find(({ properties = {} }) => map.items.every(({ key }) => String(key) in properties)) ?? schema
  );
}

function commentFor({ description, default: fallback }: Schema): string | undefined {
  if (description === undefined) return undefined;
  const isValue = typeof fallback === "string" || typeof fallback === "number";
  return fold(isValue ? `${description} Default: ${fallback}.` : description);
}

/** Lines of at most 90 characters, each with the blank that follows a comment's `#`. */
function fold(text: string): string {
  return text.replaceAll(/(.{1,90})(?: |$)/g, " $1\n").trimEnd();
}

function schemaOrEmpty(schema: unknown): Schema {
  return isSchema(schema) ? schema : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}
