/** Prints the packages that `.ci/run` has to install, in one line; an empty one when all is there. */
import { findProgram, packageOf } from "./programs.ts";

const missing = Object.entries(packageOf).filter(([program]) => findProgram(program, process.env) === null);
process.stdout.write(`${missing.map(([, name]) => name).join(" ")}\n`);
