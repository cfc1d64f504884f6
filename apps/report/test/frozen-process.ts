// A sender of three messages that stands still once it has claimed them and committed none:
// node frozen-process.ts '{"databaseUrl": …, "smtpUrl": …}'
import { openHistory } from "@runledger/history";
import { sendAll } from "./delivery-fixture.ts";

const CLAIMS = 3;

const { databaseUrl, ...sending } = JSON.parse(process.argv[2] ?? "{}");
await using history = await openHistory({ url: databaseUrl });

// The driver's own client, below the one that begins and ends transactions for a pooler.
const client = await history.pool.connect();
client.release();
const driver = Object.getPrototypeOf(Object.getPrototypeOf(client));
const query: (...args: unknown[]) => unknown = driver.query;
const claiming = new WeakSet<object>();
let claims = 0;
driver.query = function (this: object, ...args: unknown[]) {
  const [first] = args;
  const text = typeof first === "string" ? first : String(Object(first).text);
  if (text.includes(" as known ")) claiming.add(this);
  if (text !== "commit" || !claiming.has(this)) return query.apply(this, args);
  claims += 1;
  if (claims === CLAIMS) process.kill(process.pid, "SIGSTOP");
  return new Promise(() => {});
};
await sendAll({ ...sending, history });
