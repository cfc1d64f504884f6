import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

interface Answer {
  status: number;
  contentType: string;
  body: Buffer;
}

/**
 * Stands in front of an API whose answers never change and asks it everything once only: what is measured later is
 * what happens on this side of the wire. Returns its own URL.
 */
export async function prepareAnswers(origin: string): Promise<string> {
  const answers = new Map<string, Promise<Answer>>();
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    const coming = answers.get(asked) ?? ask(origin, request);
    answers.set(asked, coming);
    coming.then(
      ({ status, contentType, body }) =>
        response.writeHead(status, { "content-type": contentType, "content-length": body.length }).end(body),
      () => response.destroy(),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A server that listens on a port has an address of this shape.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}${new URL(origin).pathname}`;
}

async function ask(origin: string, request: IncomingMessage): Promise<Answer> {
  const response = await fetch(new URL(request.url ?? "/", origin), {
    method: request.method ?? "GET",
    headers: {
      authorization: request.headers.authorization ?? "",
      "content-type": "application/x-www-form-urlencoded",
    },
    ...(request.method === "POST" && { body: await buffer(request) }),
  });
  const contentType = response.headers.get("content-type") ?? "application/json";
  return { status: response.status, contentType, body: Buffer.from(await response.arrayBuffer()) };
}
