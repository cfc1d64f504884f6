/** Names as a configuration may hold them that a spreadsheet would read otherwise: each stands beside its likes. */
export const hostileNames = [
  "*", "?", "~", "~*", "??", "a*", "a?c", "a~c", "abc", "ABC", "Abc", "abc ", "abc\u00a0", "ａｂｃ", "ábc", "a\u0301bc",
  "<5", ">5", "<>", "<>abc", "=abc", ">=", "=", "+1", "-1", "@SUM(1)", "=1+1", "1", "01", "1.0", "1e0", "1%", "TRUE", "true",
  "#N/A", "{1,2}", 'say "abc"', "it's", "a&b", "a;b", "a,b", "[abc]", "$A$1", "(abc)", "^abc$", "a.c", "[a-z]*", "a\u200bc",
  "_x0041_", "a\ufffec", "x".repeat(255), `${"x".repeat(255)}y`, "x".repeat(300), "X".repeat(300), "",
] as const; // prettier-ignore

/** Ids as a configuration may hold them: letters, digits, `.`, `_` and `-`. */
export const hostileIds = [
  "late", "Late", "LATE", "la-te", "la_te", "1", "01", "1.0", "1e0", "1-1", "TRUE", "true", ".", "-", "_", "A1", "R1C1",
  "i".repeat(250), "i".repeat(300), "I".repeat(300),
] as const; // prettier-ignore
