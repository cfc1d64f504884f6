import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer } from "./answer.ts";

/** Sends the answer, as fast as the client takes it. */
export async function deliver(response: ServerResponse, answer: Answer): Promise<void> {
  response.writeHead(answer.status, answer.headers);
  await pipeline(Readable.from(answer.body), response);
}

/** Sends the answer without its end, and closes the connection once it is on its way. */
export async function deliverAndBreakOff(response: ServerResponse, answer: Answer): Promise<void> {
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  await new Promise((written) => response.write(answer.body.join(""), written));
  response.destroy();
}
