// Reads one log in a process of its own, and prints how many rows it has.
import { YlemClient } from "../src/index.ts";

const [baseUrl, pipeline = ""] = process.argv.slice(2);
const client = new YlemClient({
  baseUrl,
  clientId: "id",
  clientSecret: "secret",
  maxBodyBytes: 1_000_000_000,
});
const log = await client.runLog(pipeline, { from: new Date(0), to: new Date(3_600_000) });
await client.close();
console.log(log.rejected.length);
