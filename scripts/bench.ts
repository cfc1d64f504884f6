// pnpm bench [NAME [flags]]: one benchmark or, without a name, all of them, one after the other. Exits 1 when any is
// over a limit.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";

/** Each is a program that has flags of its own and exits 1 when it is over a limit. */
const benches: Readonly<Record<string, string>> = {
  ingest: "apps/ingest/bench/main.ts",
  weekly: "apps/report/bench/weekly.ts",
  workbook: "packages/workbook/bench/workbook.ts",
  delivery: "apps/report/bench/delivery.ts",
};

const [name, ...flags] = process.argv.slice(2);
const file = benches[name ?? ""];
if (name === undefined) {
  for (const each of Object.values(benches)) {
    await run(each, []);
  }
} else if (file === undefined) {
  process.stderr.write(`there is no benchmark ${name}; there are ${Object.keys(benches).join(", ")}\n`);
  process.exitCode = 2;
} else {
  await run(file, flags);
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(dirname(import.meta.dirname), program), ...args], {
    stdio: "inherit",
  });
  const [code]: (number | null)[] = await once(child, "exit");
  if (code !== 0) {
    process.exitCode = code ?? 1;
  }
}
