import fc from "fast-check";
import { type DefaultTreeAdapterMap, parseFragment } from "parse5";
import { expect, it } from "vitest";
import { html, joined } from "../src/html.ts";

/** What a parser makes of other than itself: carriage returns, NUL, halves of surrogate pairs. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom("<", ">", "&", '"', "'", "&lt;", "</b>"), fc.string({ unit: "grapheme" })),
  })
  .filter((value) => !/[\r\0]/u.test(value) && value.isWellFormed());

it("keeps any text a text, between tags and in attributes, as an independent parser reads it", () => {
  fc.assert(
    fc.property(text, text, (title, content) => {
      const [element, ...others] = parseFragment(
        html`<b title="${title}">${content}</b>`.toString(),
      ).childNodes;
      expect(others).toEqual([]);
      expect(element).toMatchObject({ nodeName: "b", attrs: [{ name: "title", value: title }] });
      expect(textsOf(element)).toEqual(content === "" ? [] : [content]);
    }),
  );
});

it("keeps a list of texts a list, and escapes what separates it", () => {
  fc.assert(
    fc.property(
      fc.array(
        text.filter((value) => value !== ""),
        { minLength: 1 },
      ),
      text,
      (items, separator) => {
        const [inBold] = parseFragment(html`<b>${joined(items, html`<br>`)}</b>`.toString()).childNodes;
        expect(textsOf(inBold)).toEqual(items);
        const [asText] = parseFragment(html`<b>${joined(items, separator)}</b>`.toString()).childNodes;
        expect(textsOf(asText)).toEqual([items.join(separator)]);
      },
    ),
  );
});

it("takes its own work as it is, alone and in lists", () => {
  const bold = html`<b>${"<"}</b>`;
  expect(html`<p>${bold}${[bold, bold]}${1}</p>`.toString()).toBe(
    "<p><b>&#60;</b><b>&#60;</b><b>&#60;</b>1</p>",
  );
});

function textsOf(node: DefaultTreeAdapterMap["node"] | undefined): string[] {
  if (node === undefined || !("childNodes" in node)) return [];
  return node.childNodes.flatMap((child) =>
    child.nodeName === "#text" && "value" in child ? [child.value] : [],
  );
}
