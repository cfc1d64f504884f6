import { describe, expect, test } from "vitest";

import {
  CredentialsRefusedError,
  InvalidResponseError,
  RequestRefusedError,
  UnavailableError,
} from "../src/index.ts";
import { CLIENT_ID, CLIENT_SECRET, PIPELINE, failureOf, givesToken, ylem } from "./ylem.ts";

const NO_RUN = { json: null };

describe("getting a token", () => {
  test("sends the credentials in the query of a GET", async () => {
    const server = await ylem(() => NO_RUN);
    await server.client().lastRun("pipeline", PIPELINE);
    const [request] = server.tokenRequests;
    expect(request?.method).toBe("GET");
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_type: "client_credentials",
    });
    expect(server.requests[0]?.authorization).toBe("Bearer token-1");
  });

  test("sends them in the form of a POST when told to", async () => {
    const server = await ylem(() => NO_RUN);
    await server.client({ credentialsIn: "body" }).lastRun("pipeline", PIPELINE);
    const [request] = server.tokenRequests;
    expect(request?.method).toBe("POST");
    expect(request?.query.size).toBe(0);
    expect(new URLSearchParams(request?.body).get("client_secret")).toBe(CLIENT_SECRET);
  });

  test.each(["pipelines:run,stats:read", "pipelines:run stats:read", " pipelines:run,  stats:read"])(
    "reads the scopes of %j",
    async (scope) => {
      const server = await ylem(
        () => NO_RUN,
        () => ({ json: { access_token: "t", expires_in: 60, scope } }),
      );
      expect(await server.client().scopes()).toEqual(["pipelines:run", "stats:read"]);
    },
  );

  test("asks once however many callers wait", async () => {
    const server = await ylem(() => NO_RUN);
    const client = server.client();
    await Promise.all(Array.from({ length: 20 }, () => client.lastRun("pipeline", PIPELINE)));
    expect(server.tokenRequests).toHaveLength(1);
    expect(server.requests).toHaveLength(20);
  });

  test("does not fail the others when one waiting caller aborts", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const server = await ylem(
      () => NO_RUN,
      async (received, nth) => {
        asked.resolve();
        await answer.promise;
        return givesToken(received, nth);
      },
    );
    const client = server.client();
    const controller = new AbortController();
    const first = failureOf(client.scopes({ signal: controller.signal }));
    const second = client.scopes();
    await asked.promise;
    controller.abort("enough");
    expect(await first).toBe("enough");
    answer.resolve();
    expect(await second).toContain("stats:read");
    expect(server.tokenRequests).toHaveLength(1);
  });

  test("asks again before the token expires, not earlier", async () => {
    const server = await ylem(() => NO_RUN);
    let now = 0;
    const client = server.client({ now: () => now });
    await client.scopes();
    now = 86_400_000 - 60_001;
    await client.scopes();
    expect(server.tokenRequests).toHaveLength(1);
    now = 86_400_000 - 60_000;
    await client.scopes();
    expect(server.tokenRequests).toHaveLength(2);
  });

  test.each([undefined, null, 0, -5, "soon", {}])("takes expires_in %j for an hour", async (expiresIn) => {
    const server = await ylem(
      () => NO_RUN,
      () => ({ json: { access_token: "t", expires_in: expiresIn } }),
    );
    let now = 0;
    const client = server.client({ now: () => now });
    await client.scopes();
    now = 3_500_000;
    await client.scopes();
    expect(server.tokenRequests).toHaveLength(1);
    now = 3_600_000;
    await client.scopes();
    expect(server.tokenRequests).toHaveLength(2);
  });
});

describe("a token that is refused", () => {
  test("is renewed once, and the request repeated with the new one", async () => {
    const server = await ylem((_, nth) => (nth === 1 ? { status: 401 } : NO_RUN));
    await server.client().lastRun("pipeline", PIPELINE);
    expect(server.requests.map((request) => request.authorization)).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });

  test("is renewed once for all callers that were refused", async () => {
    const server = await ylem(({ authorization }) =>
      authorization === "Bearer token-1" ? { status: 401 } : NO_RUN,
    );
    const client = server.client({ concurrency: 10 });
    await Promise.all(Array.from({ length: 30 }, () => client.lastRun("pipeline", PIPELINE)));
    expect(server.tokenRequests).toHaveLength(2);
  });

  test("is an error when the new one is refused too", async () => {
    const server = await ylem(() => ({ status: 401 }));
    const error = await failureOf(server.client().lastRun("pipeline", PIPELINE));
    expect(error).toBeInstanceOf(CredentialsRefusedError);
    expect(error).toMatchObject({ status: 401, request: `GET /stats/pipelines/${PIPELINE}/last-run/stats` });
    expect(server.requests).toHaveLength(2);
  });
});

describe("an endpoint that gives no token", () => {
  test.each([400, 401])("refuses the credentials with %i in the words of RFC 6749", async (status) => {
    const json = { error: "invalid_client", error_description: "no such client" };
    const server = await ylem(
      () => NO_RUN,
      () => ({ status, json }),
    );
    const error = await failureOf(server.client().scopes());
    expect(error).toBeInstanceOf(CredentialsRefusedError);
    expect(error).toMatchObject({ message: expect.stringContaining("no such client"), tries: 1 });
    expect(server.tokenRequests).toHaveLength(1);
  });

  test("refuses the request with a 400 in other words", async () => {
    const server = await ylem(
      () => NO_RUN,
      () => ({ status: 400, json: { code: 400, message: "Bad Request" } }),
    );
    expect(await failureOf(server.client().scopes())).toBeInstanceOf(RequestRefusedError);
  });

  test("hints at a client id that is no UUID when the connection is dropped", async () => {
    const server = await ylem(
      () => NO_RUN,
      () => null,
    );
    const error = await failureOf(server.client({ clientId: "my-client" }).scopes());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      message: expect.stringContaining("client id is not a UUID"),
      tries: 5,
    });
  });

  test("gives no such hint when the client id is one", async () => {
    const server = await ylem(
      () => NO_RUN,
      () => null,
    );
    expect(String(await failureOf(server.client().scopes()))).not.toContain("UUID");
  });

  test.each([{}, { access_token: "" }, { access_token: "two\nlines" }, null])(
    "is not understood: %j",
    async (json) => {
      const server = await ylem(
        () => NO_RUN,
        () => ({ json }),
      );
      expect(await failureOf(server.client().scopes())).toBeInstanceOf(InvalidResponseError);
    },
  );

  test("is asked again by the next call", async () => {
    const server = await ylem(
      () => NO_RUN,
      (received, nth) => (nth === 1 ? { status: 401 } : givesToken(received, nth)),
    );
    const client = server.client();
    await failureOf(client.scopes());
    expect(await client.scopes()).toContain("stats:read");
  });
});
