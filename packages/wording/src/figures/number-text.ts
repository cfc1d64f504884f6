import type { Notation } from "./notation.ts";

/** Stands for a figure that does not exist, such as the share of nothing. */
export const none = "–";

/** Mends binary fractions: 0.29 × 10,000 is 2,899.9999…. */
export const sliver = 1e-6;

export const twoDecimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

/** `2,016` */
export function numberText(value: number, locale: string, options: Intl.NumberFormatOptions): string {
  return value.toLocaleString(locale, options);
}

/** `98.21%`: a fraction of one, floored at so many decimals of the percentage. */
export function percentText(fraction: number, decimals: number, { locale }: Notation): string {
  const scale = 10 ** (decimals + 2);
  const floored = Math.floor(fraction * scale + sliver) / scale;
  return numberText(floored, locale, {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}
