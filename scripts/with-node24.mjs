// Runs a command of this repository with what it needs: Node 24, pnpm and the installed dependencies.
// On a machine with only Node 20 and npm, both come from the npm registry, by exact version.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE = "24.21.0";
const PNPM = "12.21.0";
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the lock file said when the dependencies were last installed. */
const marker = join(root, "node_modules", ".installed-lock.yaml");

const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  // A third off the start of every command; where it cannot be written it is done without.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "node"),
};
if (Number(process.versions.node.split(".")[0]) < 24) {
  env.PATH = prepend(binFolderFromRegistry(), env.PATH);
}
if (!isInstalled()) {
  install();
}
env.PATH = prepend(join(root, "node_modules", ".bin"), env.PATH);
// `pnpm ingest -- --help` hands its `--` on; npm keeps it to itself.
const argv = process.argv.slice(2);
run(argv.filter((word, index) => word !== "--" || argv.indexOf("--") !== index));

function binFolderFromRegistry() {
  // npx takes more than a second to say where it put them.
  const note = join(root, "node_modules", `.node-${NODE}-pnpm-${PNPM}`);
  const noted = existsSync(note) ? readFileSync(note, "utf8") : "";
  if (noted !== "" && existsSync(join(noted, "node"))) {
    return noted;
  }
  const folder = dirname(npx("command -v node").trim());
  try {
    writeFileSync(note, folder);
  } catch {
    // Before the first install there is no such folder, and it may be somebody else's.
  }
  return folder;
}

function npx(command) {
  const packages = ["-p", `node@${NODE}`, "-p", `pnpm@${PNPM}`];
  return execFileSync("npx", ["-y", "--loglevel=error", ...packages, "-c", command], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function isInstalled() {
  const lock = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  return existsSync(marker) && readFileSync(marker, "utf8") === lock;
}

function install() {
  process.stderr.write("Installing dependencies (once)…\n");
  if (!onPath("pnpm")) {
    env.PATH = prepend(binFolderFromRegistry(), env.PATH);
  }
  const options = { cwd: root, env: { ...env, CI: "true" }, stdio: ["ignore", 2, 2] };
  const { status } = spawnSync("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], options);
  if (status !== 0) {
    process.stderr.write("The dependencies could not be installed; what pnpm says about it stands above.\n");
    process.exit(1);
  }
  copyFileSync(join(root, "pnpm-lock.yaml"), marker);
}

function onPath(name) {
  return (env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));
}

function prepend(folder, path) {
  return [folder, path].filter(Boolean).join(delimiter);
}

/** The command keeps the terminal; signals reach it once and its exit code is ours. */
function run([command, ...args]) {
  const child = spawn(command, args, { cwd: root, env, stdio: "inherit" });
  // A terminal's Ctrl-C already reaches the child, which is in the same process group.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    process.exitCode = 127;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
